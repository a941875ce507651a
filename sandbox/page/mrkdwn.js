// Slack's mrkdwn as a tree of plain objects. The order is what makes it honest: `<...>` becomes
// tokens first, then the marks are found, and entities are decoded last, so that text which
// arrived escaped can never turn into a mention, a link or a mark's border.

const OPEN = "\uE000", CLOSE = "\uE001";

export function parse(text) {
  const tokens = [];
  const safe = text.replace(/[\uE000\uE001]/g, "");
  const held = safe.replace(/<([^<>\n]+)>/g, (whole, inside) => {
    tokens.push(token(inside));
    return OPEN + (tokens.length - 1) + CLOSE;
  });
  return lines(held, tokens);
}

export function decode(text) {
  return text.replace(/&(lt|gt|amp);/g, (whole, name) => ({ lt: "<", gt: ">", amp: "&" })[name]);
}

function token(inside) {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? "" : decode(inside.slice(bar + 1));
  if (/^@[UWB]/.test(target)) return { kind: "user", id: target.slice(1), label };
  if (/^#[CG]/.test(target)) return { kind: "channel", id: target.slice(1), label };
  if (/^!subteam\^/.test(target)) return { kind: "group", id: target.slice(9), label };
  if (/^!date\^/.test(target)) return date(target, label);
  if (/^!(here|channel|everyone)$/.test(target)) return { kind: "broadcast", name: target.slice(1) };
  if (/^(https?:|mailto:)/.test(target)) return { kind: "link", url: decode(target), label };
  return { kind: "text", text: decode(label || target) };
}

function date(target, fallback) {
  const [, seconds, format, url] = target.split("^");
  if (!/^\d{1,11}$/.test(seconds || "") || seconds === "00000000") return { kind: "text", text: fallback };
  return { kind: "date", seconds: Number(seconds), format: decode(format || ""), url: url || "", fallback };
}

function lines(text, tokens) {
  const nodes = [];
  for (const [place, part] of text.split("```").entries()) {
    if (place % 2) nodes.push({ kind: "pre", text: flat(part.replace(/^\n/, ""), tokens) });
    else nodes.push(...quotes(part, tokens));
  }
  return nodes;
}

function quotes(text, tokens) {
  const nodes = [];
  let quoted = [];
  const end = () => {
    if (quoted.length) nodes.push({ kind: "quote", children: inline(quoted.join("\n"), tokens) });
    quoted = [];
  };
  for (const [place, line] of text.split("\n").entries()) {
    const found = /^(?:&gt;|>) ?(.*)$/.exec(line);
    if (found) { quoted.push(found[1]); continue; }
    const afterQuote = quoted.length > 0;
    end();
    if (place > 0 && !afterQuote) nodes.push({ kind: "break" });
    nodes.push(...inline(line, tokens));
  }
  end();
  return nodes;
}

const MARKS = { "*": "bold", "_": "italic", "~": "strike" };
const BEFORE = "(^|[\\s(\\[{\"'.,:;!?\\-_~*\\uE001])";
const AFTER = "(?=$|[\\s)\\]}\"'.,:;!?\\-_~*\\uE000])";

function inline(text, tokens) {
  const code = /`([^`\n]+)`/.exec(text);
  if (code) {
    return [
      ...inline(text.slice(0, code.index), tokens),
      { kind: "code", text: flat(code[1], tokens) },
      ...inline(text.slice(code.index + code[0].length), tokens),
    ];
  }
  let first = null;
  for (const mark of Object.keys(MARKS)) {
    const border = "\\" + mark;
    const found = new RegExp(`${BEFORE}${border}(?=\\S)([^\\n]*?\\S)${border}${AFTER}`).exec(text);
    if (found && (!first || found.index < first.found.index)) first = { found, mark };
  }
  if (!first) return leaves(text, tokens);
  const { found, mark } = first;
  const start = found.index + found[1].length;
  return [
    ...leaves(text.slice(0, start), tokens),
    { kind: MARKS[mark], children: inline(found[2], tokens) },
    ...inline(text.slice(found.index + found[0].length), tokens),
  ];
}

function leaves(text, tokens) {
  const nodes = [];
  for (const part of text.split(/(\uE000\d+\uE001)/)) {
    if (part.startsWith(OPEN)) nodes.push(tokens[Number(part.slice(1, -1))]);
    else for (const [place, line] of part.split("\n").entries()) {
      if (place) nodes.push({ kind: "break" });
      if (line) nodes.push({ kind: "text", text: decode(line) });
    }
  }
  return nodes;
}

function flat(text, tokens) {
  return leaves(text, tokens)
    .map((each) => each.kind === "break" ? "\n" : each.text ?? each.label ?? each.url ?? each.id ?? "")
    .join("");
}
