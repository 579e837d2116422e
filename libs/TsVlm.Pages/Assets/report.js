'use strict';
const number = cell => {
  const text = cell.dataset.v ?? cell.textContent.replace(/[★,\s%]/g, '').replace('−', '-').replace('∞', 'Infinity');
  return text === '' ? NaN : Number(text);
};
function sortBy(table, column, ascending) {
  for (const body of table.tBodies) {
    const fixed = row => row.classList.contains('group') || row.classList.contains('fixed');
    const head = [...body.rows].filter(r => r.classList.contains('group'));
    const tail = [...body.rows].filter(r => r.classList.contains('fixed'));
    const rows = [...body.rows].filter(r => !fixed(r)).map(row => {
      const cell = row.cells[column];
      return { row, value: cell ? number(cell) : NaN, text: cell ? cell.textContent.trim() : '' };
    });
    const numeric = rows.some(r => !isNaN(r.value));
    const sign = ascending ? 1 : -1;
    rows.sort((a, b) => numeric
      ? (isNaN(a.value) ? 1 : isNaN(b.value) ? -1 : sign * (a.value - b.value))
      : sign * a.text.localeCompare(b.text));
    body.append(...head, ...rows.map(r => r.row), ...tail);
  }
}
for (const table of document.querySelectorAll('table.sortable')) {
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const before = head.getAttribute('aria-sort');
      const ascending = before ? before === 'descending' : !head.classList.contains('n');
      for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', ascending ? 'ascending' : 'descending');
      sortBy(table, column, ascending);
    });
  });
}
const filter = document.getElementById('filter');
if (filter) {
  filter.closest('.tools').hidden = false;
  filter.addEventListener('input', () => {
    const words = filter.value.toLowerCase().split(/\s+/);
    for (const body of document.querySelectorAll('#result-table tbody')) {
      const group = body.rows[0].cells[0].textContent.toLowerCase();
      let shown = 0;
      for (const row of body.rows) {
        if (row.classList.contains('group')) continue;
        const text = group + ' ' + row.cells[0].textContent.toLowerCase();
        row.hidden = !words.every(w => text.includes(w));
        if (!row.hidden) shown++;
      }
      body.hidden = shown === 0;
    }
  });
}
const openTarget = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) { target.open = true; target.scrollIntoView(); }
};
addEventListener('hashchange', openTarget);
openTarget();
