/** How long the browser has to read what it is handed, in ms: some read it only a while after the click. */
const readMs = 60_000;

/** Hands a text to the browser as a file to keep. */
export function save(content: string, type: string, name: string): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  saveAddress(address, name);
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, readMs);
}

/** Lets the browser download what an address names. */
export function saveAddress(address: string, name: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  // Some browsers follow only links that are part of the page.
  document.body.append(link);
  link.click();
  link.remove();
}
