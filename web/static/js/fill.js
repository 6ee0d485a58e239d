// Fills a clone of a <template> with data. Text goes in as textContent and attributes as attributes: never as markup.
// data-text="key"; data-attr="name:key,name:key"; data-if="key" removes the element when the value is empty;
// data-each="key" repeats the element's only child. An empty key means the value itself.

const at = (data, key) => (key === "" ? data : data[key]);
const empty = (value) => value === undefined || value === null || value === "" || value.length === 0;

export function clone(id, data) {
  const fragment = document.getElementById(id).content.cloneNode(true);
  for (const child of [...fragment.children]) fill(child, data);
  return fragment;
}

export function fill(node, data) {
  const { text, attr, each } = node.dataset;
  if (node.dataset.if !== undefined && empty(at(data, node.dataset.if))) {
    node.remove();
    return;
  }
  for (const pair of attr ? attr.split(",") : []) {
    const [name, key] = pair.split(":");
    node.setAttribute(name, at(data, key) ?? "");
  }
  if (text !== undefined) node.textContent = at(data, text) ?? "";
  else if (each !== undefined) repeat(node, at(data, each) ?? []);
  else for (const child of [...node.children]) fill(child, data);
}

function repeat(node, items) {
  const model = node.firstElementChild;
  model.remove();
  for (const item of items) {
    const copy = model.cloneNode(true);
    node.append(copy);
    fill(copy, item);
  }
}
