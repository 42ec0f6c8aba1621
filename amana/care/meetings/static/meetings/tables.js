/* Looks up what the server has worked out: what answers establish, who can be asked, and
   the text that is read aloud. `kit.py` makes the tables; nothing here knows a rule. */

const isolated = (text, words) => text.replace(/\{(\w+)\}/g, (_all, name) => words[name]);

export class Tables {
  constructor(tables) { Object.assign(this, tables); }

  /* --- the gate */

  applying(answers) {
    const { unless, effects } = this.gate;
    return Object.keys(effects).filter((code) => !unless[code] || answers[unless[code][0]] !== unless[code][1]);
  }

  /* Each effect, with the questions whose answer has it. */
  effects(answers) {
    const found = {};
    for (const code of this.applying(answers))
      for (const effect of this.gate.effects[code][answers[code] || "not_asked"]) (found[effect] ??= []).push(code);
    return found;
  }

  result(answers) {
    const found = this.effects(answers);
    return (this.gate.results.find(([effect]) => found[effect]) ?? [null, this.gate.otherwise])[1];
  }

  /* --- who can be asked */

  /* `sheet`: see `sheetOf`. As they were known, and at the hour by which it can't wait. */
  housesFor({ type, urgency, team, ...sheet }, now = Date.now()) {
    const against = this.against(sheet);
    for (const at of this.closedAt(urgency || this.matching.usual[type], now)) against.add(at);
    return this.houses.filter((house, at) => house.types.includes(type) && String(house.team) !== String(team) && !against.has(at));
  }

  against(sheet) {
    const { facts, lists, unknown } = this.matching;
    const found = new Set(sheet.along ? [] : unknown);
    for (const { fact, mode, against } of facts) {
      const said = fact ? sheet[fact] ?? [] : [""];
      const those = (Array.isArray(said) ? said : [said]).map((one) => lists[against[one]] ?? []);
      if (!those.length) continue;
      const all = mode === "some" ? those.flat() : those[0].filter((at) => those.every((list) => list.includes(at)));
      for (const at of all) found.add(at);
    }
    return found;
  }

  closedAt(urgency, now) {
    const { at, slot, closed, lists } = this.matching;
    const week = (7 * 864e5) / slot;
    const here = ((Math.floor((now - at) / slot) % week) + week) % week;
    const since = closed[urgency]?.filter(([from]) => from <= here).at(-1);
    return since ? lists[since[1]] : [];
  }

  /* What matching reads, out of the answers: `said(name)` gives all of one name. */
  sheetOf(said) {
    const { groups, companions } = this.matching;
    const first = (name) => said(name)[0] ?? "";
    const rows = said("needs_companions_age").map((age, at) => ({ age: age.trim(), sex: said("needs_companions_sex")[at], relation: said("needs_companions_relation")[at] }))
      .filter(({ age, sex, relation }) => age || sex || relation);
    const young = ({ age, relation }) => (/^\d+$/.test(age) ? companions.ages.includes(Number(age)) : companions.relations.includes(relation));
    const children = rows.filter(young).length;
    const access = said("needs_disability");
    const age = first("identity_age").trim();
    const child = first("identity_child");
    const alone = this.childOf(said) && first("identity_guardian_state") === "needed";
    const flags = said("narrative_flags").flatMap((flag) => groups.flags[flag] ?? []);
    return {
      sex: first("identity_sex") || undefined,
      age: `${age}|${child}`,
      status: first("migration_status") || undefined,
      nationality: said("identity_nationality").filter(Boolean),
      access,
      area: first("needs_area").trim().toLowerCase(),
      along: rows.length || first("needs_companions_alone") ? `${rows.length - children}|${children}` : undefined,
      groups: [...new Set([...flags, ...(children ? groups.children : []), ...(access.length ? groups.access : []), ...(alone ? groups.alone : [])])],
    };
  }

  /* --- the consent */

  /* What is written, by the keys of a consent; her words are those of the need asked about. */
  present(said, row) {
    const written = new Set();
    for (const [name, key] of Object.entries(this.fields)) if (said(name).some((one) => one.trim())) written.add(key);
    if (said(`need-${row}-words`).some((one) => one.trim())) written.add(this.words);
    return written;
  }

  isChild({ age, said }) { return this.child.said.includes(said) || this.child.ages.includes(age); }

  childOf(said) {
    const age = (said("identity_age")[0] ?? "").trim();
    return this.isChild({ age: age ? Number(age) : NaN, said: said("identity_child")[0] ?? "" });
  }

  mayAnswer(said) {
    const first = (name) => (said(`identity_guardian${name}`)[0] ?? "").trim();
    return this.childOf(said) ? this.answers[`${first("_state")}|${first("_suspect")}|${first("") ? 1 : 0}`] : ["person"];
  }

  /* What may be shared with all of them, of what is written or may be. */
  offered(houses, present, team) {
    const told = new Set([...present, ...this.teams[team].unknown]);
    const shares = houses.map(({ sphere }) => new Set(this.spheres[sphere].may));
    return this.keys.filter((key) => told.has(key) && shares.every((share) => share.has(key)));
  }
  enough(houses, present) {
    const usual = houses.map(({ sphere }) => this.spheres[sphere].enough);
    return (usual[0] ?? []).filter((key) => present.has(key) && usual.every((some) => some.includes(key)));
  }

  /* All that a recipient can read, as `Payload.keys` names it; in no order. */
  told({ fields, team, letters }) {
    const beside = this.beside.filter((key) => key !== "sender.phone" || this.teams[team].phone);
    return new Set([...fields, ...beside, ...letters.map((letter) => `letter.${letter}`)]);
  }

  readIn(language) {
    const base = language.toLowerCase().replaceAll("_", "-").split("-")[0];
    return this.texts[base] ? base : this.texts[this.language] ? this.language : "en";
  }
  isWritten(language) { return Boolean(this.texts[language.toLowerCase().replaceAll("_", "-").split("-")[0]]); }

  /* As `wording.in_words`: parts of a title, sentences, items, sentences after them. */
  wording(language, about) {
    const text = this.texts[this.readIn(language)];
    const words = this.words_(text, about);
    const when = this.conditions(about);
    const applies = ({ when: asked = "" }) => asked.split(" ").filter(Boolean).every((one) => when.has(one));
    const said = (sentences = []) => sentences.filter(applies).map(({ say }) => isolated(say, words));
    const part = (source, more) => ({
      name: source.name ?? "",
      title: said(source.title)[0],
      sentences: said(source.say),
      items: source.list === "lines" ? this.lines(text, about) : [],
      after: said(source.after),
      more,
    });
    return {
      language: this.readIn(language),
      direction: text.direction,
      draft: text.draft,
      parts: [...text.step.filter(applies).map((one) => part(one, false)), ...text.more.filter(applies).map((one) => part(one, true))],
    };
  }

  conditions({ houses, child }) {
    const teams = distinct(houses);
    const several = teams.length > 1;
    const when = new Set([several ? "several" : "one", "referral"]);
    if (child) when.add("child");
    if (teams.some(({ outside }) => outside)) { when.add("outside"); when.add(several ? "some_outside" : "they_outside"); }
    return when;
  }

  words_(text, { houses, team, until }) {
    const teams = distinct(houses);
    const listed = (names) => names.join(text.between);
    const [year, month, day] = until.split("-").map(Number);
    const spheres = [...new Set(teams.map(({ sphere }) => sphere))];
    return {
      sender: this.teams[team].named,
      recipient: teams[0].named,
      recipients: teams.map(({ named }, at) => `${at + 1}. ${named}`).join(" "),
      sphere: spheres.length === 1 ? text.spheres[spheres[0]]
        : spheres.map((sphere) => `${listed(teams.filter((one) => one.sphere === sphere).map(({ named }) => named))}: ${text.spheres[sphere]}`).join(" "),
      purpose: text.purpose,
      until: `${text.days[day - 1]}${text.months[month - 1]}${year}`,
      outside: listed(teams.filter(({ outside }) => outside).map(({ named }) => named)),
      withdrawers: text.withdrawers,
    };
  }

  lines(text, about) {
    const keys = this.told(about);
    const perhaps = new Set(this.teams[about.team].unknown.filter((key) => about.fields.includes(key)));
    return text.lines.map(({ label, say }) => {
      const told = Object.keys(say).filter((key) => keys.has(key));
      const phrases = told.map((key) => say[key] + (perhaps.has(key) ? text.perhaps : ""));
      return told.length ? label + phrases.join(text.joined) : "";
    }).filter(Boolean);
  }
}

/* Several services of one team are one recipient. */
const distinct = (houses) => [...new Map(houses.map((house) => [house.team, house])).values()];

export const plain = ({ parts }) => parts
  .flatMap(({ title, sentences, items, after }) => [...(title ? [title] : []), ...sentences, ...items.map((item) => `– ${item}`), ...after])
  .join("\n");
