"use strict";
// One state, drawn anew where it changes. Text of persons and of the bot only ever becomes text nodes.
const $ = (selector) => document.querySelector(selector);
const state = { bot: null, clock: null, people: [], groups: [], me: null, chat: null, messages: [], commands: [], reply: null, edit: null, picked: -1, found: null };
let source = null;

function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== false && value != null) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

async function api(path, body, signal) {
  const options = body === undefined ? {} : {
    method: "POST", signal, headers: body instanceof FormData ? { "X-Sandbox": "1" } : { "X-Sandbox": "1", "Content-Type": "application/json" },
    body: body instanceof FormData ? body : JSON.stringify(body),
  };
  const response = await fetch("/api" + path, options);
  const answer = await response.json().catch(() => ({ error: response.statusText }));
  if (!response.ok) { toast("没有成功：" + answer.error); throw new Error(answer.error); }
  return answer;
}

const COLOURS = ["#c0563b", "#2f7d4f", "#1f5fa8", "#7a4fa3", "#a86a12", "#14777f", "#a33b6b"];
const colour = (id) => COLOURS[Math.abs(id) % COLOURS.length];
const face = (name, id) => el("span", { class: "face", style: `background:${colour(id)}` }, name.slice(0, 1));
const nameOf = (id) => state.people.find((person) => person.id === id)?.first_name ?? "";

// Who and where: both stand in the address, so that a reload or a link goes on there.
function remember() { location.hash = `as=${state.me}&chat=${state.chat}`; }

async function start() {
  learn(await api("/state"));
  setInterval(drawClock, 1000);
  const wanted = new URLSearchParams(location.hash.slice(1));
  const known = (id) => state.people.some((person) => person.id === id);
  const first = state.people.find((person) => person.note.includes("考核员")) ?? state.people[0];
  const me = Number(wanted.get("as"));
  await become(known(me) ? me : first.id, Number(wanted.get("chat")) || undefined);
}

async function become(id, chat) {
  state.me = id;
  document.body.classList.remove("open");
  source?.close();
  source = new EventSource("/api/events?as=" + id);
  source.onopen = () => { if (state.chat) refetch(); api("/state").then(learn); };
  source.onmessage = (event) => happened(JSON.parse(event.data));
  const mine = state.groups.filter((group) => group.members.includes(id));
  await go(mine.some((group) => group.id === chat) ? chat : id);
}

let begun = false;
async function go(chat) {
  state.chat = chat; state.reply = state.edit = null; state.messages = []; forgetFound();
  document.body.classList.remove("open");
  remember(); drawSide(); drawHead(); drawAbout();
  // What was typed while the page came up stays, behind what had been left there.
  const early = begun ? "" : field.value;
  begun = true;
  field.value = (sessionStorage.getItem(draftKey()) ?? "") + early;
  await refetch(); grow(); field.focus();
}

// What happens while the messages are on their way may not be among them: then they are fetched again.
let happenings = 0;
async function refetch() {
  const chat = state.chat, me = state.me, before = happenings;
  const [messages, commands] = await Promise.all([api(`/chats/${chat}/messages?as=${me}`), api(`/commands?as=${me}&chat=${chat}`)]);
  if (chat !== state.chat || me !== state.me) return;
  if (before !== happenings) { await refetch(); return; }
  state.messages = messages; offer(commands); state.older = messages.length >= 60;
  drawLog(); toBottom();
}

function happened(event) {
  if (event.kind === "clock") { setClock(event.clock); return; }
  if (event.kind === "people") { api("/state").then((s) => { learn(s); drawSide(); drawHead(); }); return; }
  if (event.kind === "commands") { api(`/commands?as=${state.me}&chat=${state.chat}`).then(offer); return; }
  if (event.chat !== state.chat) return;
  if (event.kind === "action") { act(); return; }
  happenings += 1;
  const near = $("#log").scrollHeight - $("#log").scrollTop - $("#log").clientHeight < 120;
  const at = state.messages.findIndex((message) => message.message_id === event.message.message_id);
  if (event.kind === "deleted") { if (at >= 0) state.messages.splice(at, 1); drawLog(); return; }
  const before = state.messages.at(-1);
  if (at >= 0) state.messages[at] = event.message;
  else { state.messages.push(event.message); $("#hint")?.remove(); $("#acting").textContent = ""; }
  const drawn = document.getElementById("m" + together(event.message)[0].message_id);
  if (drawn) drawn.replaceWith(bubble(event.message));
  else if (at < 0) {
    if (!before || dayOf(before) !== dayOf(event.message)) $("#log").append(dayLine(event.message));
    $("#log").append(bubble(event.message));
  }
  if (near) toBottom();
}

let acting;
function act() {
  $("#acting").textContent = state.bot.first_name + " 正在准备图片……";
  clearTimeout(acting); acting = setTimeout(() => { $("#acting").textContent = ""; }, 5000);
}

const toBottom = () => { $("#log").scrollTop = $("#log").scrollHeight; };

// Days and times are the bureau's, wherever the browser is: one zone for the clock and for every message.
const formats = {};
function inZone(moment, options) {
  const key = state.clock.zone + JSON.stringify(options);
  return (formats[key] ??= new Intl.DateTimeFormat("zh-CN", { timeZone: state.clock.zone, hourCycle: "h23", ...options })).format(moment);
}
const dayAt = (moment) => inZone(moment, { year: "numeric", month: "long", day: "numeric" }) + " " + inZone(moment, { weekday: "short" });
const timeAt = (moment) => inZone(moment, { hour: "2-digit", minute: "2-digit" });
const dayOf = (message) => dayAt(message.date * 1000);
const timeOf = (message) => timeAt(message.date * 1000);
const dayLine = (message) => el("div", { class: "day" }, el("span", {}, dayOf(message)));

// The clock: how far it is ahead of this computer's, and where it runs to.
let ahead = 0, ranFrom = 0;
const clockNow = () => Date.now() + ahead;
function learn({ clock, ...known }) { Object.assign(state, known); setClock(clock); }
function setClock(clock) {
  // An answer may come after an event that is newer than it.
  if (clock.taken < state.clock?.taken) return;
  ahead = Date.parse(clock.now) - Date.now();
  if (clock.until && state.clock?.until !== clock.until) ranFrom = clockNow();
  state.clock = clock;
  drawClock();
}
function drawClock() {
  const { until, moved } = state.clock, now = clockNow();
  $("#clock b").textContent = (until ? "▸▸ " : "") + timeAt(now);
  $("#clock small").textContent = dayAt(now);
  $("#clock").classList.toggle("moved", moved);
  $("#clock").classList.toggle("running", Boolean(until));
  $("#still").hidden = Boolean(until); $("#running").hidden = !until;
  if (!until) return;
  const end = Date.parse(until);
  $("#running span").textContent = `正在快进到 ${dayAt(end)} ${timeAt(end)}`;
  $("#running progress").value = (now - ranFrom) / (end - ranFrom || 1);
}
const clockField = $("#timing input");
function openClock(open) {
  $("#timing").hidden = !open; $("#clock").setAttribute("aria-expanded", open);
  if (open) { const local = (options) => new Date(clockNow()).toLocaleString("sv-SE", { timeZone: state.clock.zone, ...options }); clockField.value = local({ dateStyle: "short" }) + "T" + local({ timeStyle: "short" }); }
}
async function setTo(body) {
  try { setClock(await api("/clock", body)); } catch { /* api has shown why not */ }
}
$("#clock").addEventListener("click", () => openClock($("#timing").hidden));
$("[data-testid=clock-jump]").addEventListener("click", () => setTo({ at: clockField.value }));
$("[data-testid=clock-fast]").addEventListener("click", () => setTo({ at: clockField.value, fast: true }));
$("[data-testid=clock-now]").addEventListener("click", () => setTo({ at: "现在" }));
$("[data-testid=clock-stop]").addEventListener("click", () => setTo({ stop: true }));
for (const button of document.querySelectorAll("[data-step]")) button.addEventListener("click", () => setTo({ at: button.dataset.step, fast: true }));
document.addEventListener("click", (event) => { if (!event.target.closest("header")) openClock(false); });
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !$("#timing").hidden) { openClock(false); $("#clock").focus(); } });

function drawSide() {
  $("#people").replaceChildren(...state.people.map((person) => el("button", {
    class: "row" + (person.id === state.me ? " here" : ""), "data-testid": "person-" + person.id,
    "aria-current": person.id === state.me, onclick: () => become(person.id),
  }, face(person.first_name, person.id), el("span", {}, person.first_name, el("small", {}, person.note || "不在名单里")))));
  const chats = [{ id: state.me, title: state.bot.first_name, note: "私聊机器人" },
    ...state.groups.filter((group) => group.members.includes(state.me)).map((group) => ({ id: group.id, title: group.title, note: group.members.length + " 人的群" }))];
  $("#chats").replaceChildren(...chats.map((chat) => el("button", {
    class: "row" + (chat.id === state.chat ? " here" : ""), "data-testid": "chat-" + chat.id, onclick: () => go(chat.id),
  }, face(chat.title, chat.id), el("span", {}, chat.title, el("small", {}, chat.note)))));
}

function drawHead() {
  const group = state.groups.find((candidate) => candidate.id === state.chat);
  const title = group ? group.title : state.bot.first_name;
  $("#title").textContent = title;
  $("#subtitle").textContent = group ? group.members.map(nameOf).join("、") + (group.left ? "（机器人已退出本群）" : "") : `您是 ${nameOf(state.me)}`;
  $("#headface").textContent = title.slice(0, 1);
  $("#headface").style.background = colour(state.chat);
}

function drawLog() {
  const log = $("#log");
  log.replaceChildren();
  if (!state.messages.length) { log.append(hint()); return; }
  if (state.older) log.append(el("button", { class: "day", "data-testid": "older", onclick: older }, "看更早的消息"));
  let day = "";
  for (const message of state.messages) {
    if (together(message)[0] !== message) continue;
    if (dayOf(message) !== day) { day = dayOf(message); log.append(dayLine(message)); }
    log.append(bubble(message));
  }
}

async function older() {
  const earlier = await api(`/chats/${state.chat}/messages?as=${state.me}&before=${state.messages[0].message_id}`);
  state.messages = [...earlier, ...state.messages]; state.older = earlier.length >= 60;
  const height = $("#log").scrollHeight; drawLog(); $("#log").scrollTop = $("#log").scrollHeight - height;
}

function hint() {
  const tries = ["/deduct 城关所 治安管理 2", "/score 城关所", "/rank 派出所一序列", "/help"];
  return el("div", { id: "hint" }, el("b", {}, "可以从这里开始"), el("p", {}, "点一行，放进输入框，再发送："),
    ...tries.map((text) => el("button", { type: "button", "data-testid": "hint", onclick: () => { field.value = text; grow(); field.focus(); } }, text)),
    el("p", {}, "左边可以换一个人：考核员登记扣分，联络员看本单位，领导看排名，陌生人什么也看不到。"),
    el("p", {}, "右上角的时钟可以拨：快进到期限前，看各人收到什么提醒。"));
}

// The messages of one album, or the message alone; an album is one bubble that goes by its first message.
function together(message) {
  return message.media_group_id ? state.messages.filter((other) => other.media_group_id === message.media_group_id) : [message];
}
const gist = (message) => message.text ?? message.caption ?? message.document?.file_name ?? "图片";

function picture(message) {
  const photo = message.photo.at(-1), address = "/api/files/" + encodeURIComponent(photo.file_id);
  return el("img", { src: address, alt: "图片", width: photo.width, height: photo.height, style: `aspect-ratio:${photo.width}/${photo.height};height:auto`, tabindex: 0,
    onclick: () => enlarge(address), onkeydown: (event) => { if (event.key === "Enter") enlarge(address); } });
}

const sizeOf = (bytes) => bytes < 1024 ? bytes + " B" : bytes < 1048576 ? Math.round(bytes / 1024) + " KB" : (bytes / 1048576).toFixed(1) + " MB";
function fileRow({ file_id, file_name, file_size }) {
  const kind = file_name.includes(".") ? file_name.split(".").pop().slice(0, 4).toUpperCase() : "文件";
  return el("div", { class: "file", "data-testid": "file-row" }, el("span", { class: "kind", "aria-hidden": "true" }, kind),
    el("span", { class: "what" }, file_name, el("small", {}, sizeOf(file_size))),
    el("a", { href: "/api/files/" + encodeURIComponent(file_id), download: file_name, "aria-label": "下载 " + file_name }, "下载"));
}

function bubble(one) {
  const parts = together(one), message = parts[0];
  const mine = message.from.id === state.me;
  const body = el("div", { class: "bubble" });
  if (state.chat < 0 && !mine) body.append(el("div", { class: "name" }, message.from.first_name));
  const replied = message.reply_to_message;
  if (message.via_bot) body.append(el("div", { class: "via" }, "经由 @" + message.via_bot.username));
  if (replied) body.append(el("div", { class: "quote" }, gist(replied).slice(0, 60)));
  const pictures = parts.filter((part) => part.photo).map(picture);
  if (pictures.length > 1) body.append(el("div", { class: "album", "data-testid": "album" }, ...pictures));
  else body.append(...pictures);
  for (const part of parts) {
    if (part.document) body.append(fileRow(part.document));
    const text = part.text ?? part.caption;
    if (text) body.append(el("div", { class: "text" }, ...formatted(text, part.entities ?? part.caption_entities ?? [])));
  }
  body.append(el("time", {}, (message.edit_date ? "已修改 " : "") + timeOf(message)));
  body.append(el("button", { class: "reply", "aria-label": mine ? "回复或修改" : "回复", "data-testid": "reply-" + message.message_id, onclick: () => mine ? choose(message) : reply(message) }, "↩"));
  return el("div", { class: "said" + (mine ? " mine" : ""), id: "m" + message.message_id, "data-testid": "message-" + message.message_id, ondblclick: () => reply(message) }, body, keys(message));
}

// Whatever else a link begins with could run in this page, with the rights of whoever looks at it.
const WEB = /^https:\/\//;

function keys(message) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows) return null;
  return el("div", { class: "keys" }, ...rows.map((row) => el("div", {}, ...row.map((button) => key(message, button)))));
}

function key(message, button) {
  if (button.url && !WEB.test(button.url)) return el("button", { type: "button", disabled: true }, button.text);
  if (button.url) return el("a", { href: button.url, rel: "noreferrer noopener", target: "_blank", onclick: (event) => follow(event, button.url) }, button.text);
  const search = button.switch_inline_query_current_chat;
  if (search !== undefined) return el("button", { type: "button", onclick: () => { field.value = `@${state.bot.username} ${search}`; grow(); field.focus(); } }, button.text);
  return el("button", { type: "button", onclick: (event) => press(event.currentTarget, message, button.callback_data) }, button.text);
}

async function press(node, message, data) {
  node.classList.add("busy");
  try {
    const { answer } = await api("/press", { as: state.me, chat: state.chat, message_id: message.message_id, data });
    if (answer === null) toast("机器人还没有回应这次点按。");
    else if (answer.show_alert) alertBox(answer.text);
    else if (answer.text) toast(answer.text);
  } finally { node.classList.remove("busy"); }
}

// Entities come with offsets in UTF-16 units, which is how JavaScript counts; inner ones are nested by recursion.
function formatted(text, entities, from = 0, to = text.length) {
  const nodes = [];
  let at = from;
  const inside = entities.filter((e) => e.offset >= from && e.offset + e.length <= to).sort((a, b) => a.offset - b.offset || b.length - a.length);
  while (inside.length) {
    const entity = inside.shift();
    if (entity.offset < at) continue;
    const end = entity.offset + entity.length;
    if (entity.offset > at) nodes.push(text.slice(at, entity.offset));
    const rest = entities.filter((e) => e !== entity && e.offset >= entity.offset && e.offset + e.length <= end && !(e.offset === entity.offset && e.length === entity.length && entities.indexOf(e) < entities.indexOf(entity)));
    nodes.push(marked(entity, text.slice(entity.offset, end), formatted(text, rest, entity.offset, end)));
    at = end;
  }
  if (at < to) nodes.push(text.slice(at, to));
  return nodes;
}

const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote", expandable_blockquote: "blockquote" };
function marked(entity, text, children) {
  if (entity.type === "url" || entity.type === "text_link") {
    const address = entity.url ?? text;
    if (!WEB.test(address)) return text;
    return el("a", { href: address, rel: "noreferrer noopener", target: "_blank", onclick: (event) => follow(event, address) }, ...children);
  }
  if (entity.type === "bot_command") return el("a", { href: "#", onclick: (event) => { event.preventDefault(); say(text); } }, ...children);
  if (entity.type === "spoiler") return el("span", { class: "spoiler" }, ...children);
  const node = el(TAGS[entity.type] ?? "span", {}, ...children);
  if (entity.type === "code") node.addEventListener("click", () => { field.value = text; grow(); field.focus(); });
  return node;
}

// A start link is meant for somebody else: who is to open it?
function follow(event, address) {
  const link = address.match(/^https:\/\/t\.me\/(\w+)\?start=([\w-]+)$/);
  if (!link) return;
  event.preventDefault();
  const open = async (id) => { $("#box").close(); await become(id); await say("/start " + link[2]); };
  box(el("b", {}, "由谁来打开这个链接？"), ...state.people.filter((p) => !p.note).map((person) => el("button", { class: "row", onclick: () => open(person.id) }, face(person.first_name, person.id), person.first_name)),
    el("button", { class: "row", "data-testid": "open-as-new", onclick: async () => { $("#box").close(); const id = await newcomer(); if (id) await open(id); } }, face("＋", 0), "新的人"),
    el("button", { class: "row", "data-testid": "open-as-me", onclick: () => open(state.me) }, face(nameOf(state.me), state.me), nameOf(state.me) + "（自己）"));
}

// Composer
const field = $("textarea");
const draftKey = () => `draft:${state.me}:${state.chat}`;
function grow() { field.style.height = "auto"; field.style.height = Math.min(field.scrollHeight + 2, 160) + "px"; sessionStorage.setItem(draftKey(), field.value); drawMenu(); lookFor(); }
field.addEventListener("input", grow);
field.addEventListener("compositionstart", () => { composing = true; });
field.addEventListener("compositionend", () => { composing = false; grow(); });

const matching = () => /^\/\w*$/.test(field.value) ? state.commands.filter((c) => ("/" + c.command).startsWith(field.value)) : [];
function drawMenu(all = false) {
  const commands = all ? state.commands : matching();
  const menu = $("#menu");
  state.picked = commands.length ? Math.min(Math.max(state.picked, 0), commands.length - 1) : -1;
  menu.hidden = !commands.length;
  menu.replaceChildren(...commands.map((command, index) => el("button", { type: "button", role: "option", class: index === state.picked ? "here" : "", "aria-selected": index === state.picked, onclick: () => take(command) }, el("b", {}, "/" + command.command), command.description)));
}
// They may come when half of one is typed already.
function offer(commands) { state.commands = commands; if (matching().length) drawMenu(); }
function take(command) { field.value = "/" + command.command + " "; state.picked = -1; grow(); field.focus(); }
$("#slash").addEventListener("click", () => { $("#menu").hidden ? drawMenu(true) : ($("#menu").hidden = true); });

// Inline mode: “@bot words” asks the bot 300 ms after the last key, and what it found is offered above the field.
let composing = false, asking, asked = null;
const words = () => state.bot && field.value.match(new RegExp(`^@${state.bot.username}\\s+([^]*)$`, "i"))?.[1].trim();
function lookFor() {
  const query = words();
  if (query === undefined || query === null) { forgetFound(); return; }
  const place = `${state.me} ${state.chat} ${query}`;
  if (composing || state.found?.place === place) return;
  forgetFound();
  state.found = { place, query: null, results: null, at: 0 };
  drawFound();
  asking = setTimeout(() => askBot(query, state.found), 300);
}
async function askBot(query, found) {
  asked = new AbortController();
  try {
    const answer = await api("/inline", { as: state.me, chat: state.chat, query }, asked.signal);
    if (state.found !== found) return;
    Object.assign(found, { query: answer.query, results: answer.results ?? [], silent: answer.results === null });
  } catch (error) {
    if (state.found !== found) return;
    Object.assign(found, { results: [], silent: true });
  }
  drawFound();
}
function forgetFound() { clearTimeout(asking); asked?.abort(); asked = null; state.found = null; drawFound(); }
function drawFound() {
  const found = state.found, box = $("#inline");
  box.hidden = !found || found.closed;
  if (box.hidden) { box.replaceChildren(); return; }
  if (!found.results?.length) { box.replaceChildren(el("p", {}, found.results ? (found.silent ? "机器人没有回应" : "没有结果") : "正在查……")); return; }
  box.replaceChildren(...found.results.map((result, index) => el("button", { type: "button", role: "option", class: index === found.at ? "here" : "", "aria-selected": String(index === found.at), onclick: () => pick(index) },
    el("span", {}, el("b", {}, result.title), result.description ? el("small", {}, result.description) : null))));
  box.children[found.at].scrollIntoView({ block: "nearest" });
}
async function pick(index) {
  const { query, results } = state.found, text = field.value, reply_to = state.reply?.message_id;
  field.value = ""; state.reply = null; drawAbout(); grow(); field.focus();
  try { await api("/pick", { as: state.me, chat: state.chat, query, result: results[index].id, reply_to }); toBottom(); }
  catch { field.value = text; grow(); }
}
// Whether a key was for the list of results: it chooses, picks or closes; while the bot is asked, Enter waits.
function chose(event) {
  const found = state.found, count = found?.results?.length ?? 0;
  if (!found || found.closed) return false;
  if (event.key === "Escape") { found.closed = true; drawFound(); return true; }
  if (event.key === "Enter" && !event.shiftKey && !found.results) return true;
  if (!count) return false;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") { found.at = (found.at + (event.key === "ArrowDown" ? 1 : count - 1)) % count; drawFound(); return true; }
  if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey)) { pick(found.at); return true; }
  return false;
}

field.addEventListener("keydown", (event) => {
  // While an input method composes, Enter takes a word; it sends nothing.
  if (event.isComposing || event.keyCode === 229) return;
  if (chose(event)) { event.preventDefault(); return; }
  const menu = matching();
  if (menu.length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault(); state.picked = (state.picked + (event.key === "ArrowDown" ? 1 : menu.length - 1)) % menu.length; drawMenu(); return;
  }
  if (menu.length && (event.key === "Tab" || (event.key === "Enter" && field.value !== "/" + menu[state.picked].command))) { event.preventDefault(); take(menu[state.picked]); return; }
  if (event.key === "Escape") { state.reply = state.edit = null; drawAbout(); }
  if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); submit(); }
});
$("form").addEventListener("submit", (event) => { event.preventDefault(); submit(); });

async function submit() {
  const text = field.value;
  if (!text.trim()) return;
  field.value = ""; grow();
  const { edit } = state;
  try {
    if (edit) { state.edit = null; drawAbout(); await api(`/chats/${state.chat}/edit`, { as: state.me, message_id: edit.message_id, text }); }
    else await say(text);
  } catch { field.value = text; grow(); }
}
async function say(text) {
  const reply_to = state.reply?.message_id; state.reply = null; drawAbout(); toBottom();
  await api(`/chats/${state.chat}/send`, { as: state.me, text, reply_to });
  toBottom();
}

function reply(message) { state.reply = message; state.edit = null; drawAbout(); field.focus(); }
function drawAbout() {
  const subject = state.reply ?? state.edit;
  $("#about").hidden = !subject;
  if (subject) $("#about span").textContent = (state.edit ? "修改：" : "回复：") + gist(subject);
}
$("#about button").addEventListener("click", () => { state.reply = state.edit = null; drawAbout(); });
function choose(message) {
  const pick = (action) => () => { $("#box").close(); action(); };
  box(el("button", { class: "row", onclick: pick(() => reply(message)) }, "回复"),
    el("button", { class: "row", "data-testid": "edit", onclick: pick(() => { state.edit = message; field.value = message.text ?? ""; drawAbout(); grow(); field.focus(); }) }, "修改"),
    el("button", { class: "row", "data-testid": "forward", onclick: pick(() => api(`/chats/${state.chat}/send`, { as: state.me, text: message.text ?? "", forward: true })) }, "当作转发再发一次"));
}

// Pictures and files
async function upload(files) {
  if (!files.length) return;
  const form = new FormData();
  const pictures = [...files].every((file) => /^image\/(png|jpeg)$/.test(file.type));
  form.append("as", state.me); form.append("kind", pictures ? "photo" : "document"); form.append("caption", field.value);
  if (state.reply) form.append("reply_to", state.reply.message_id);
  for (const file of files) form.append("file", file);
  await api(`/chats/${state.chat}/upload`, form);
  field.value = ""; state.reply = null; drawAbout(); grow(); toBottom();
}
$("#attach").addEventListener("click", () => $("#file").click());
$("#file").addEventListener("change", async (event) => { await upload(event.target.files); event.target.value = ""; });
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => { event.preventDefault(); upload(event.dataTransfer.files); });
document.addEventListener("paste", (event) => { if (event.clipboardData.files.length) { event.preventDefault(); upload(event.clipboardData.files); } });

function enlarge(address) { const image = $("#large img"); image.className = ""; image.src = address; $("#large").showModal(); }
$("#large").addEventListener("click", (event) => { event.target.tagName === "IMG" ? event.target.classList.toggle("full") : $("#large").close(); });

// Small windows
let toasting;
function toast(text) { const node = $("#toast"); node.textContent = text; node.hidden = false; clearTimeout(toasting); toasting = setTimeout(() => { node.hidden = true; }, 4500); }
function box(...children) { $("#box").replaceChildren(...children, el("menu", {}, el("button", { onclick: () => $("#box").close() }, "关闭"))); $("#box").showModal(); }
function alertBox(text) { box(el("div", { style: "white-space:pre-wrap" }, text)); }

function ask(title, placeholder, ...more) {
  return new Promise((resolve) => {
    const input = el("input", { type: "text", placeholder, "aria-label": title, "data-testid": "ask" });
    const done = (value) => { $("#box").close(); resolve(value); };
    $("#box").replaceChildren(el("form", { method: "dialog", style: "display:block;border:0;padding:0", onsubmit: (event) => { event.preventDefault(); done(input.value.trim()); } },
      el("b", {}, title), input, ...more, el("menu", {}, el("button", { type: "button", onclick: () => done("") }, "取消"), el("button", { "data-testid": "ok" }, "确定"))));
    $("#box").showModal(); input.focus();
  });
}
async function newcomer() {
  const name = await ask("新的人叫什么？", "例如 小刘");
  if (!name) return null;
  const person = await api("/people", { first_name: name });
  learn(await api("/state")); drawSide();
  return person.id;
}
$("#newcomer").addEventListener("click", async () => { const id = await newcomer(); if (id) await become(id); });
$("#newgroup").addEventListener("click", async () => {
  const boxes = state.people.map((person) => el("label", {}, el("input", { type: "checkbox", value: person.id, ...(person.id === state.me ? { checked: true } : {}) }), " " + person.first_name));
  const title = await ask("新群叫什么？", "例如 派出所考核小组群", ...boxes);
  if (!title) return;
  const members = boxes.map((label) => label.firstChild).filter((input) => input.checked).map((input) => Number(input.value));
  const group = await api("/groups", { title, members });
  learn(await api("/state"));
  await (members.includes(state.me) ? go(group.id) : drawSide());
});
$("#drawer").addEventListener("click", () => document.body.classList.toggle("open"));
$("#main").addEventListener("click", (event) => { if (!event.target.closest("#drawer")) document.body.classList.remove("open"); });

start();
