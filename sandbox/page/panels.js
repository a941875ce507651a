// What opens and closes: on a narrow screen the workspace's panel, everywhere the guide and the traffic.

const FIRST = "select, input, button, summary";

// Focus goes into an opened panel and back to its button; Escape closes it. While it lies over the
// page, `beneath` takes neither clicks nor focus. `turned` is told each time it opens or closes.
export function panel({ button, box, beneath, close, turned = () => {} }) {
  const isOpen = () => box.classList.contains("open");
  const covers = () => isOpen() && getComputedStyle(box).position === "fixed";
  const settle = () => { for (const each of beneath) each.inert = covers(); };
  const set = (open, takesFocus = true) => {
    if (open === isOpen()) return;
    box.classList.toggle("open", open);
    button.setAttribute("aria-expanded", String(open));
    settle();
    turned(open);
    if (!takesFocus) return;
    if (open) box.querySelector(FIRST)?.focus();
    else if (box.contains(document.activeElement) || document.activeElement === document.body) button.focus();
  };
  button.addEventListener("click", () => set(!isOpen()));
  close?.addEventListener("click", () => { set(false); button.focus(); });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
    if (box.contains(document.activeElement) || covers()) { set(false); button.focus(); }
  });
  document.addEventListener("pointerdown", (event) => {
    if (document.querySelector("dialog[open]")) return; // an answer to what is asked above it
    if (covers() && !box.contains(event.target) && !button.contains(event.target)) set(false);
  });
  addEventListener("resize", settle);
  // `uncover` closes it only where it lies over the page.
  return { isOpen, open: () => set(true, false), close: () => set(false, false), uncover: () => { if (covers()) set(false); } };
}
