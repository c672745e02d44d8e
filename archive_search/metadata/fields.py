"""
The fields of a record: one table, from which everything else about them is derived.

What a column of a metadata file fills, whose words are found, what has an index, what is offered as a filter, how a
field is called on a page, where it goes in LIDO, Dublin Core, IIIF and CSL: all of it stands in a field's row. Whatever
a source says that is no field is kept, word for word, under `extra`.
"""

from __future__ import annotations

from archive_search.metadata.table import Field, Fields

NAMES = (
    Field(
        "object_id",
        {"en": "Object", "da": "Genstandsnummer", "de": "Objektnummer", "fr": "Numéro d’objet", "nl": "Objectnummer"},
        "id",
        {
            "en": """object_id object_no object_nr object_number accession_number accession_no accession_nr accession
                inventory_number inventory_no inventory_nr inventory_id inv_no inv_nr museum_number museum_no museum_id
                registration_number reg_no catalogue_number catalog_number cat_no find_number find_no shelfmark
                call_number""",
            "da": """genstand_id genstandsnr genstandsnummer inventarnr inventarnummer museumsnr museumsnummer sagsnr
                katalognr katalognummer accessionsnr accessionsnummer x_nr""",
            "de": "objekt_id objektnr objektnummer fund_nr inventarnr inventarnummer",
            "fr": "numéro_inventaire numéro_d_inventaire no_inventaire n_inventaire numéro_objet cote",
            "nl": "inventarisnummer inventarisnr objectnummer objectnr vondstnummer",
        },
        words=1.0,
        standard={"lido": "repositorySet/workID", "dc": "identifier", "iiif": "metadata", "csl": "call-number"},
    ),
    Field(
        "title",
        {"en": "Title", "da": "Titel", "de": "Titel", "fr": "Titre", "nl": "Titel"},
        "text",
        {
            "en": "title object_title main_title name caption",
            "da": "titel objekttitel hovedtitel navn genstandsnavn billedtekst",
            "de": "titel objekttitel bildunterschrift",
            "fr": "titre intitulé légende",
            "nl": "titel naam bijschrift",
        },
        words=1.0,
        standard={"lido": "titleWrap/titleSet/appellationValue", "dc": "title", "iiif": "label", "csl": "title"},
    ),
    Field(
        "object_type",
        {"en": "Object type", "da": "Genstandstype", "de": "Objektart", "fr": "Type d’objet", "nl": "Objecttype"},
        "term",
        {
            "en": """object_type object_name type artifact_type artefact_type find_type classification
                category""",
            "da": """genstand genstandstype genstandsart genstandsbetegnelse objekttype artefakttype klassifikation
                kategori""",
            "de": "objektart objekttyp objektbezeichnung fundart sachgruppe kategorie",
            "fr": "type_objet type_d_objet objet dénomination désignation catégorie",
            "nl": "objecttype objectnaam objectsoort soort_object voorwerp objectcategorie categorie",
        },
        facet=True,
        words=1.0,
        standard={"lido": "objectWorkTypeWrap/objectWorkType/term", "dc": "type", "iiif": "metadata", "csl": "genre"},
    ),
    Field(
        "description",
        {"en": "Description", "da": "Beskrivelse", "de": "Beschreibung", "fr": "Description", "nl": "Beschrijving"},
        "text",
        {
            "en": "description descriptions desc short_description physical_description object_description",
            "da": "beskrivelse genstandsbeskrivelse",
            "de": "beschreibung objektbeschreibung",
            "fr": "description descriptif",
            "nl": "beschrijving omschrijving",
        },
        words=1.0,
        standard={
            "lido": "objectDescriptionWrap/objectDescriptionSet/descriptiveNoteValue",
            "dc": "description",
            "iiif": "summary",
            "csl": "abstract",
        },
    ),
    Field(
        "collection",
        {"en": "Collection", "da": "Samling", "de": "Sammlung", "fr": "Collection", "nl": "Collectie"},
        "term",
        {
            "en": "collection collection_name museum_collection source_collection",
            "da": "samling samlingsnavn",
            "de": "sammlung sammlungsbestand",
            "fr": "collection fonds",
            "nl": "collectie verzameling deelcollectie",
        },
        facet=True,
        words=1.0,
        standard={"lido": "classificationWrap/classification", "dc": "isPartOf", "iiif": "metadata",
                  "csl": "archive_collection"},
    ),
    Field(
        "creator",
        {"en": "Made by", "da": "Fremstillet af", "de": "Hergestellt von", "fr": "Créateur", "nl": "Vervaardiger"},
        "term",
        {
            "en": """creator artist maker artist_maker author artist_name artist_display artist_display_name
                manufacturer""",
            "da": "kunstner ophavsmand producent",
            "de": "künstler hersteller urheber",
            "fr": "auteur artiste créateur fabricant",
            "nl": "maker vervaardiger kunstenaar",
        },
        facet=True,
        words=1.0,
        standard={"lido": "event[production]/eventActor/displayActorInRole", "dc": "creator", "iiif": "metadata",
                  "csl": "author"},
    ),
)  # fmt: skip

WHAT = (
    Field(
        "material",
        {"en": "Material", "da": "Materiale", "de": "Material", "fr": "Matériau", "nl": "Materiaal"},
        "term",
        {
            "en": """material materials material_term material_terms material_titles primary_material medium
                medium_display""",
            "da": "materiale materialer",
            "de": "material materialien werkstoff",
            "fr": "matériau matériaux matière matières",
            "nl": "materiaal materialen",
        },
        facet=True,
        words=1.0,
        standard={"lido": "event[production]/eventMaterialsTech/materialsTech/termMaterialsTech[material]",
                  "dc": "medium", "iiif": "metadata", "csl": "medium"},
    ),
    Field(
        "technique",
        {"en": "Technique", "da": "Teknik", "de": "Technik", "fr": "Technique", "nl": "Techniek"},
        "term",
        {
            "en": "technique techniques technique_titles method",
            "da": "teknik teknikker metode",
            "de": "technik herstellungstechnik",
            "fr": "technique techniques",
            "nl": "techniek technieken vervaardigingstechniek",
        },
        facet=True,
        words=1.0,
        standard={"lido": "event[production]/eventMaterialsTech/materialsTech/termMaterialsTech[technique]",
                  "dc": "format", "iiif": "metadata"},
    ),
    Field(
        "period",
        {"en": "Period", "da": "Periode", "de": "Zeitstellung", "fr": "Période", "nl": "Periode"},
        "term",
        {
            "en": "period periods broadperiod broad_period main_period",
            "da": "periode perioder hovedperiode tidsperiode",
            "de": "zeitstellung epoche kulturstufe",
            "fr": "période époque",
            "nl": "periode tijdvak",
        },
        facet=True,
        words=1.0,
        standard={"lido": "event[production]/periodName/term", "dc": "temporal", "iiif": "metadata"},
    ),
    Field(
        "culture",
        {"en": "Culture", "da": "Kultur", "de": "Kultur", "fr": "Culture", "nl": "Cultuur"},
        "term",
        {
            "en": "culture cultures cultural_context culture_group",
            "da": "kultur kulturer kulturgruppe",
            "de": "kultur kulturkreis",
            "fr": "culture civilisation",
            "nl": "cultuur",
        },
        facet=True,
        words=1.0,
        standard={"lido": "event[production]/culture/term", "dc": "coverage", "iiif": "metadata"},
    ),
    Field(
        "measurements",
        {"en": "Measurements", "da": "Mål", "de": "Maße", "fr": "Dimensions", "nl": "Afmetingen"},
        "text",
        {
            "en": """measurements measurement dimensions dimension size sizes dimensions_display physical_dimensions""",
            "da": "mål målangivelse dimensioner størrelse",
            "de": "maße maßangaben abmessungen größe",
            "fr": "dimensions mesures",
            "nl": "afmetingen formaat maten",
        },
        words=1.0,
        standard={"lido": "objectMeasurementsWrap/objectMeasurementsSet/displayObjectMeasurements", "dc": "extent",
                  "iiif": "metadata", "csl": "dimensions"},
    ),
    *(
        Field(
            f"{name}_{unit}",
            label,
            "number",
            columns,
            standard={"lido": f"objectMeasurementsSet/objectMeasurements/measurementSet[{name}]"},
            unit=unit,
        )
        for name, unit, label, columns in (
            (
                "height", "mm",
                {"en": "Height", "da": "Højde", "de": "Höhe", "fr": "Hauteur", "nl": "Hoogte"},
                {"en": "height", "da": "højde", "de": "höhe", "fr": "hauteur", "nl": "hoogte"},
            ),
            (
                "length", "mm",
                {"en": "Length", "da": "Længde", "de": "Länge", "fr": "Longueur", "nl": "Lengte"},
                {"en": "length", "da": "længde", "de": "länge", "fr": "longueur", "nl": "lengte"},
            ),
            (
                "width", "mm",
                {"en": "Width", "da": "Bredde", "de": "Breite", "fr": "Largeur", "nl": "Breedte"},
                {"en": "width breadth", "da": "bredde", "de": "breite", "fr": "largeur", "nl": "breedte"},
            ),
            (
                "depth", "mm",
                {"en": "Depth", "da": "Dybde", "de": "Tiefe", "fr": "Profondeur", "nl": "Diepte"},
                {
                    "en": "depth thickness", "da": "dybde tykkelse", "de": "tiefe dicke",
                    "fr": "profondeur épaisseur", "nl": "diepte dikte",
                },
            ),
            (
                "diameter", "mm",
                {"en": "Diameter", "da": "Diameter", "de": "Durchmesser", "fr": "Diamètre", "nl": "Doorsnede"},
                {"en": "diameter diam", "da": "diameter", "de": "durchmesser", "fr": "diamètre", "nl": "doorsnede"},
            ),
            (
                "weight", "g",
                {"en": "Weight", "da": "Vægt", "de": "Gewicht", "fr": "Poids", "nl": "Gewicht"},
                {"en": "weight", "da": "vægt", "de": "gewicht", "fr": "poids", "nl": "gewicht"},
            ),
        )
    ),
)  # fmt: skip

WHEN = (
    Field(
        "date",
        {"en": "Date", "da": "Datering", "de": "Datierung", "fr": "Datation", "nl": "Datering"},
        "text",
        {
            "en": """date dating date_display display_date dates object_date date_text date_made creation_date
                production_date date_created date_issued year years""",
            "da": "datering dato år årstal",
            "de": "datierung datum jahr entstehungsjahr entstehungszeit",
            "fr": "datation date année",
            "nl": "datering datum jaar",
        },
        words=1.0,
        standard={"lido": "event[production]/eventDate/displayDate", "dc": "created", "iiif": "metadata",
                  "csl": "issued"},
    ),
    Field(
        "date_from",
        {"en": "From year", "da": "Fra år", "de": "Von Jahr", "fr": "De l’année", "nl": "Vanaf jaar"},
        "year",
        {
            "en": """date_from from_date year_from from_year date_start start_date start_year date_begin begin_date
                begin_year object_begin_date date_earliest earliest_date earliest not_before early_bce_ce numdate1""",
            "da": "fra fra_år år_fra datering_fra dateret_fra",
            "de": "von datierung_von jahr_von",
            "fr": "date_début année_début",
            "nl": "begindatum beginjaar datum_van jaar_van",
        },
        standard={"lido": "event[production]/eventDate/date/earliestDate", "csl": "issued", "iiif": "navDate"},
    ),
    Field(
        "date_to",
        {"en": "To year", "da": "Til år", "de": "Bis Jahr", "fr": "À l’année", "nl": "Tot jaar"},
        "year",
        {
            "en": """date_to to_date year_to to_year date_end end_date end_year object_end_date date_latest latest_date
                latest not_after late_bce_ce numdate2""",
            "da": "til til_år år_til datering_til dateret_til",
            "de": "bis datierung_bis jahr_bis",
            "fr": "date_fin année_fin",
            "nl": "einddatum eindjaar datum_tot jaar_tot",
        },
        standard={"lido": "event[production]/eventDate/date/latestDate", "csl": "issued"},
    ),
    Field(
        "dated_by",
        {"en": "Dated by", "da": "Dateret ved", "de": "Datiert nach", "fr": "Daté par", "nl": "Gedateerd op"},
        "term",
    ),
)  # fmt: skip

WHERE = (
    Field(
        "findspot",
        {"en": "Find-spot", "da": "Findested", "de": "Fundort", "fr": "Lieu de découverte", "nl": "Vindplaats"},
        "place",
        {
            "en": """findspot find_spot find_place place_found find_site site site_name excavation_site provenience""",
            "da": "findested fundested fundsted findsted lokalitet",
            "de": "fundort fundstelle fundplatz",
            "fr": "lieu_découverte lieu_de_découverte site_archéologique",
            "nl": "vindplaats vindplaatsnaam opgravingslocatie",
        },
        facet=True,
        words=1.0,
        standard={"lido": "event[finding]/eventPlace/displayPlace", "dc": "spatial", "iiif": "metadata"},
    ),
    Field(
        "origin",
        {"en": "Made in", "da": "Fremstillet i", "de": "Herstellungsort", "fr": "Lieu de fabrication",
         "nl": "Vervaardigd in"},
        "place",
        {
            "en": """origin place_of_origin country_of_origin production_place place_made place_of_production
                place_created place_of_creation""",
            "da": "oprindelse oprindelsessted fremstillingssted produktionssted",
            "de": "herstellungsort entstehungsort herkunft herkunftsort",
            "fr": "origine lieu_de_fabrication lieu_de_production lieu_de_création",
            "nl": "plaats_van_vervaardiging vervaardigingsplaats plaats_vervaardiging herkomst",
        },
        facet=True,
        words=1.0,
        standard={"lido": "event[production]/eventPlace/displayPlace", "dc": "spatial", "iiif": "metadata",
                  "csl": "publisher-place"},
    ),
    Field(
        "place",
        {"en": "Place", "da": "Sted", "de": "Ort", "fr": "Lieu", "nl": "Plaats"},
        "place",
        {
            "en": "place places place_name country location locality",
            "da": "sted stednavn land",
            "de": "ort ortsname land",
            "fr": "lieu localité pays",
            "nl": "plaats plaatsnaam land locatie",
        },
        facet=True,
        words=1.0,
        standard={"lido": "event/eventPlace/displayPlace", "dc": "spatial", "iiif": "metadata"},
    ),
    Field(
        "location",
        {"en": "Kept at", "da": "Opbevares i", "de": "Standort", "fr": "Lieu de conservation", "nl": "Bewaarplaats"},
        "place",
        {
            "en": """current_location present_location museum museum_name institution institution_name
                holding_institution held_by repository gallery storage_location""",
            "da": "opbevaringssted placering nuværende_placering magasin",
            "de": "standort aufbewahrungsort aktueller_standort",
            "fr": "lieu_de_conservation localisation emplacement musée établissement",
            "nl": "bewaarplaats standplaats huidige_locatie instelling",
        },
        facet=True,
        words=1.0,
        standard={"lido": "repositorySet/repositoryName", "dc": "provenance", "iiif": "provider", "csl": "archive"},
    ),
    Field(
        "point",
        {"en": "Coordinates", "da": "Koordinater", "de": "Koordinaten", "fr": "Coordonnées", "nl": "Coördinaten"},
        "point",
        {
            "en": """point coordinates coordinate lat_lon lat_lng lat_long geolocation geo_coordinates gps
                findspot_coordinates findspot_lat_lng findspot_lat_lon""",
            "da": "koordinater koordinat",
            "de": "koordinaten geokoordinaten",
            "fr": "coordonnées coordonnées_géographiques",
            "nl": "coördinaten coordinaten",
        },
        standard={"lido": "event[finding]/eventPlace/place/gml", "dc": "spatial", "iiif": "navPlace"},
    ),
)  # fmt: skip

SHOWN = (
    Field(
        "licence",
        {"en": "Licence", "da": "Licens", "de": "Lizenz", "fr": "Licence", "nl": "Licentie"},
        "text",
        {
            "en": """licence license image_licence image_license rights_statement rights""",
            "da": "licens rettigheder",
            "de": "lizenz rechte",
            "fr": "licence droits",
            "nl": "licentie rechten",
        },
        facet=True,
        standard={"lido": "resourceSet/rightsResource/rightsType", "dc": "license", "iiif": "rights"},
    ),
    Field(
        "rights",
        {"en": "Rights as written", "da": "Rettigheder som skrevet", "de": "Rechte im Wortlaut",
         "fr": "Droits tels qu’écrits", "nl": "Rechten zoals vermeld"},
        "text",
        standard={"dc": "rights", "iiif": "metadata"},
    ),
    Field(
        "rights_holder",
        {"en": "Rights holder", "da": "Rettighedshaver", "de": "Rechteinhaber", "fr": "Titulaire des droits",
         "nl": "Rechthebbende"},
        "text",
        {
            "en": "rights_holder copyright_holder copyright_owner image_copyright_holder copyright",
            "da": "rettighedshaver ophavsret",
            "de": "rechteinhaber urheberrecht",
            "fr": "titulaire_des_droits ayant_droit",
            "nl": "rechthebbende auteursrecht",
        },
        words=1.0,
        standard={"lido": "resourceSet/rightsResource/rightsHolder", "dc": "rightsHolder", "iiif": "metadata"},
    ),
    Field(
        "credit",
        {"en": "Credit", "da": "Kreditering", "de": "Bildnachweis", "fr": "Mention", "nl": "Bronvermelding"},
        "text",
        {
            "en": "credit credits credit_line courtesy_of",
            "da": "kreditering",
            "de": "bildnachweis erwerbungsvermerk",
            "fr": "mention crédit crédits mention_obligatoire",
            "nl": "bronvermelding credit_regel",
        },
        words=1.0,
        standard={"lido": "resourceSet/rightsResource/creditLine", "dc": "rights", "iiif": "requiredStatement"},
    ),
    Field(
        "sensitive",
        {"en": "Sensitive", "da": "Følsomt", "de": "Sensibel", "fr": "Sensible", "nl": "Gevoelig"},
        "flag",
        {
            "en": "sensitive is_sensitive sensitive_content human_remains contains_human_remains restricted",
            "da": "følsom følsomt menneskelige_rester",
            "de": "sensibel menschliche_überreste",
            "fr": "sensible restes_humains",
            "nl": "gevoelig menselijke_resten",
        },
        standard={"dc": "accessRights"},
    ),
)  # fmt: skip

FROM = (
    Field(
        "source",
        {"en": "Source", "da": "Kilde", "de": "Quelle", "fr": "Source", "nl": "Bron"},
        "term",
        {
            "en": "source data_source source_name data_provider provider",
            "da": "kilde datakilde",
            "de": "quelle datenquelle",
            "fr": "source fournisseur",
            "nl": "bron databron",
        },
        facet=True,
        words=1.0,
        standard={"lido": "recordWrap/recordSource/legalBodyName", "dc": "source", "iiif": "provider", "csl": "source"},
    ),
    Field(
        "record_url",
        {"en": "Record online", "da": "Post på nettet", "de": "Datensatz im Netz", "fr": "Notice en ligne",
         "nl": "Record online"},
        "link",
        {
            "en": "record_url object_url source_url record_link url link permalink",
            "da": "weblink",
            "de": "webadresse weblink",
            "fr": "lien url_notice lien_notice",
            "nl": "webadres",
        },
        standard={"lido": "recordWrap/recordInfoSet/recordInfoLink", "dc": "references", "iiif": "homepage",
                  "csl": "URL"},
    ),
    Field(
        "image_url",
        {"en": "Picture online", "da": "Billede på nettet", "de": "Bild im Netz", "fr": "Image en ligne",
         "nl": "Afbeelding online"},
        "link",
        {
            "en": "image_url image_link image_uri picture_url photo_url media_url",
            "da": "billede_url billed_url billedlink",
            "de": "bild_url bildlink",
            "fr": "url_image lien_image",
            "nl": "afbeelding_url url_afbeelding",
        },
        standard={"lido": "resourceSet/resourceRepresentation/linkResource", "iiif": "body"},
    ),
    Field(
        "language",
        {"en": "Language", "da": "Sprog", "de": "Sprache", "fr": "Langue", "nl": "Taal"},
        "term",
        {
            "en": "language languages language_code lang metadata_language record_language",
            "da": "sprog sprogkode",
            "de": "sprache",
            "fr": "langue",
            "nl": "taal",
        },
        standard={"lido": "@xml:lang", "dc": "language", "csl": "language"},
    ),
)  # fmt: skip

SEEN = (
    Field(
        "colours",
        {"en": "Colours seen", "da": "Farver set", "de": "Gesehene Farben", "fr": "Couleurs vues",
         "nl": "Geziene kleuren"},
        "term",
        facet=True,
    ),
)  # fmt: skip

FIELDS: tuple[Field, ...] = (*NAMES, *WHAT, *WHEN, *WHERE, *SHOWN, *FROM, *SEEN)
"""The fields of every archive, in the order in which a record shows them. `colours` is measured, see `palette`."""

LOCATORS: tuple[Field, ...] = (
    Field(
        "id",
        {"en": "Record"},
        "id",
        {
            "en": "id record_id record_no image_id picture_id photo_id media_id asset_id uuid guid",
            "da": "billed_id foto_id",
            "de": "bild_id",
            "fr": "identifiant",
            "nl": "afbeelding_id",
        },
    ),
    Field(
        "file",
        {"en": "File"},
        "text",
        {
            "en": """file filename file_name image image_file image_filename picture photo image_path filepath file_path
                path""",
            "da": "fil filnavn billede billedfil billednavn foto sti",
            "de": "datei dateiname bild bilddatei pfad",
            "fr": "fichier nom_de_fichier nom_fichier photo chemin",
            "nl": "bestand bestandsnaam afbeelding foto pad",
        },
    ),
)
"""What a column can also be mapped to: it finds the picture and names the record, and is no field of the payload."""

COORDINATES: tuple[Field, ...] = (
    Field(
        "latitude",
        {"en": "Latitude", "da": "Breddegrad", "de": "Breitengrad", "fr": "Latitude", "nl": "Breedtegraad"},
        "number",
        {
            "en": "latitude lat findspot_latitude findspot_lat decimal_latitude four_figure_lat",
            "da": "breddegrad",
            "de": "breitengrad geografische_breite",
            "fr": "latitude",
            "nl": "breedtegraad",
        },
    ),
    Field(
        "longitude",
        {"en": "Longitude", "da": "Længdegrad", "de": "Längengrad", "fr": "Longitude", "nl": "Lengtegraad"},
        "number",
        {
            "en": "longitude lon lng long findspot_longitude findspot_lon decimal_longitude four_figure_lon",
            "da": "længdegrad",
            "de": "längengrad geografische_länge",
            "fr": "longitude",
            "nl": "lengtegraad",
        },
    ),
)
"""The two columns that a point may stand in, where it does not stand in one."""

SAME_PICTURE = "same_picture"
"""Of records that show the same picture: the name of their group, which is the id of the first of them."""

SYSTEM_FIELDS = (
    *("id", "ingested_from", "image", "file", "thumbnail", "width", "height", "content_hash", "modality", "extra"),
    *("hubness", "colour_shares", "piece_colours", "tile_boxes", "languages", "numbers", SAME_PICTURE),
)
"""
What else the pipeline writes: record id, the source that it was ingested from (of a folder its full path), where the
picture is there (of a folder the path below it), its file name, the thumbnail's name, pixels when upright,
SHA-256 of the file, `video` or `audio` where it is no picture, and every column that no field was mapped to (a mapping,
verbatim); what was measured: by space, how near the picture is to texts at large
(see `archive_search.calibration.hubness`), the shares of the colours seen, those of its pieces, the boxes of its tiles;
the archive's languages, where they are fewer than those with stems; the record's numbers as they are compared (see
`archive_search.metadata.numbers`); and which others show the same picture (see `ingest.same_pictures`).
"""

YEARS = ("date_from", "date_to")
"""The fields of the first and the last year; both are absent where the record is undated."""

STANDARD = Fields(FIELDS)
"""The table of an archive without fields of its own."""
