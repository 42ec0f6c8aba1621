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

  housesFor(type, team) {
    return this.houses.filter((house) => house.types.includes(type) && String(house.team) !== String(team));
  }

  /* --- the consent */

  isChild({ age, said }) { return this.child.said.includes(said) || this.child.ages.includes(age); }

  mayAnswer({ child, state, suspect, named }) {
    return child ? this.answers[`${state}|${suspect}|${named ? 1 : 0}`] : ["person"];
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
      until: `${text.days[day - 1]} ${text.months[month - 1]} ${year}`,
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
