"""Pages: one file per page, run by Streamlit; the file's name is its address."""

from app.page import Page
from archive_search.registry import Registry

PAGES: Registry[Page] = Registry("app.pages", "PAGES", "page")
