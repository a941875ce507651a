// Names of people and channels, and dates as the person who looks would read them.

// To make one takes longer than to draw a message: each is made once.
const formatters = new Map();

function formatter(language, options) {
  const key = language + JSON.stringify(options);
  if (!formatters.has(key)) formatters.set(key, new Intl.DateTimeFormat(language, options));
  return formatters.get(key);
}

export class Names {
  constructor(world, actor) {
    this.world = world;
    this.zone = world.users.find((each) => each.id === actor)?.tz ?? "UTC";
  }

  user(id, label) {
    return label || this.world.users.find((each) => each.id === id)?.real_name || id;
  }

  channel(id, label) {
    return label || this.world.channels.find((each) => each.id === id)?.name || id;
  }

  people() {
    return this.world.users.filter((each) => !each.deleted).map((each) => ({ value: each.id, label: each.real_name }));
  }

  rooms() {
    return this.world.channels.filter((each) => !each.is_im && !each.is_archived).map((each) => ({ value: each.id, label: "#" + each.name }));
  }

  // What the zone is called: UTC by its own name, any other by its city.
  zoneName() {
    if (/^(Etc\/)?(UTC|UCT|GMT|Zulu)$/.test(this.zone)) return "UTC";
    return `(${this.zone.split("/").at(-1).replaceAll("_", " ")})`;
  }

  clock(seconds) {
    return this.#format(seconds, { dateStyle: "medium", timeStyle: "short" });
  }

  date({ seconds, format }) {
    return format.replace(/\{(\w+)\}/g, (whole, name) => this.#part(seconds, name) ?? whole);
  }

  #part(seconds, name) {
    switch (name.replace("_pretty", "")) {
      case "date_num": return this.#format(seconds, {}, "sv-SE");
      case "date": return this.#format(seconds, { month: "long", day: "numeric", year: "numeric" });
      case "date_short": return this.#format(seconds, { month: "short", day: "numeric", year: "numeric" });
      case "date_long": return this.#format(seconds, { weekday: "long", month: "long", day: "numeric", year: "numeric" });
      case "time": return this.#format(seconds, { hour: "2-digit", minute: "2-digit" });
      case "time_secs": return this.#format(seconds, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
      case "ago": return this.#ago(seconds);
      default: return null;
    }
  }

  #ago(seconds) {
    const minutes = Math.round((seconds - this.world.clock.now) / 60);
    const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
    if (Math.abs(minutes) < 90) return words.format(minutes, "minute");
    if (Math.abs(minutes) < 36 * 60) return words.format(Math.round(minutes / 60), "hour");
    return words.format(Math.round(minutes / 1440), "day");
  }

  #format(seconds, options, language = "en-GB") {
    return formatter(language, { timeZone: this.zone, ...options }).format(new Date(seconds * 1000));
  }
}
