// A picture that is pasted anywhere on the page is sent to the server.

const LARGEST = 40e6; // bytes: what the connection of a page takes at once
let listening = () => {}; // Streamlit calls this module at every change of its data, and cleans up only at the end

export default function ({ setTriggerValue }) {
  document.removeEventListener("paste", listening);
  listening = (event) => {
    const file = [...(event.clipboardData?.files ?? [])].find((one) => one.type.startsWith("image/"));
    if (!file) return; // words, which go where the cursor is
    event.preventDefault();
    if (file.size > LARGEST) {
      setTriggerValue("picture", { name: file.name, size: file.size });
      return;
    }
    const reader = new FileReader();
    reader.onload = () => setTriggerValue("picture", { name: file.name, data: reader.result.split(",")[1] });
    reader.readAsDataURL(file);
  };
  document.addEventListener("paste", listening);
  return () => document.removeEventListener("paste", listening);
}
