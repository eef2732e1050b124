export function show(target: HTMLElement, name: string): void {
  target.innerHTML = `<b>${name}</b>`;
}
