/* Maps without outside tiles: the shapes of countries, our areas, and a pin a place; or
   numbers on areas, which the server counts for each view. What is known by its area
   only has a round mark with a name, never a pin. Leaflet is fetched only where a map
   is on the page. */
(() => {
  let library;

  const fetched = (tag, attributes) => new Promise((resolve, reject) => {
    const made = Object.assign(document.createElement(tag), attributes);
    made.addEventListener("load", resolve);
    made.addEventListener("error", reject);
    document.head.append(made);
  });

  const leaflet = ({ dataset }) => library ??= Promise.all([
    fetched("link", { rel: "stylesheet", href: dataset.style }),
    fetched("script", { src: dataset.script }),
  ]);

  /* TopoJSON's arcs are steps on a grid, shared between neighbours. */
  const countries = ({ arcs, objects, transform: { scale, translate } }) => {
    const lines = arcs.map((arc) => {
      let x = 0, y = 0;
      return arc.map(([dx, dy]) => [(x += dx) * scale[0] + translate[0], (y += dy) * scale[1] + translate[1]]);
    });
    const line = (i) => i < 0 ? [...lines[~i]].reverse() : lines[i];
    const ring = (indices) => indices.flatMap((i, n) => n ? line(i).slice(1) : line(i));
    const shape = ({ type, arcs }) => type === "Polygon"
      ? { type, coordinates: arcs.map(ring) }
      : { type, coordinates: arcs.map((polygon) => polygon.map(ring)) };
    return objects.countries.geometries
      .filter(({ type }) => type)
      .map((geometry) => ({ type: "Feature", properties: {}, geometry: shape(geometry) }));
  };

  const words = (place) => {
    const box = document.createElement("div");
    const name = document.createElement(place.url ? "a" : "strong");
    name.textContent = place.name;
    if (place.url) name.href = place.url;
    box.append(name);
    if (place.note) box.append(document.createElement("br"), place.note);
    return box;
  };

  /* Pins that would touch at this zoom are one pin, which names them all. */
  const APART = 36;
  const together = (places, map) => {
    const groups = [];
    for (const place of places) {
      const at = map.latLngToLayerPoint([place.latitude, place.longitude]);
      const near = groups.find((group) => group.at.distanceTo(at) < APART);
      if (near) near.places.push(place);
      else groups.push({ at, places: [place] });
    }
    return groups.map(({ places }) => pin(places));
  };

  const pin = (places) => {
    const title = places.map(({ name }) => name).join(", ");
    const label = document.createElement("span");
    label.className = "visually-hidden";
    label.textContent = title;
    const popup = document.createElement("div");
    popup.append(...places.map(words));
    const icon = L.divIcon({ className: places.every(({ area }) => area) ? "map-area" : "map-pin", iconSize: [26, 26], iconAnchor: [13, 31], html: label });
    return L.marker([places[0].latitude, places[0].longitude], { icon, title }).bindPopup(popup);
  };

  const json = async (address) => (await fetch(address)).json();

  /* An area is a link to its services, with its number and its name. */
  const mark = ({ name, count, words, url, latitude, longitude, place }) => {
    const link = document.createElement("a");
    link.href = url;
    link.className = place ? "map-place" : "map-cluster";
    const number = document.createElement("b");
    number.ariaHidden = "true";
    number.textContent = place ? "" : count;
    const title = document.createElement("span");
    title.dir = "auto";
    title.textContent = name;
    const said = document.createElement("span");
    said.className = "visually-hidden";
    said.textContent = words && `: ${words}`;
    link.append(title, said, number);
    link.dataset.size = String(count).length;
    const icon = L.divIcon({ className: "map-mark", html: link, iconSize: null });
    return L.marker([latitude, longitude], { icon, keyboard: false, interactive: false });
  };

  /* A name that would be cut at the edge stands on the other side of its number. */
  const turn = (element) => {
    const edge = element.getBoundingClientRect();
    for (const link of element.querySelectorAll(".map-mark a")) {
      const { left, right } = link.getBoundingClientRect();
      const mark = link.querySelector("b").getBoundingClientRect();
      const isSeen = mark.left >= edge.left && mark.right <= edge.right;
      if (isSeen && (left < edge.left || right > edge.right)) link.dataset.turned = "";
    }
  };

  const counted = (map, address, element) => {
    const marks = L.layerGroup().addTo(map);
    const none = document.createElement("p");
    none.className = "map-none";
    none.role = "status";
    element.append(none);
    let latest = 0;
    const ask = async () => {
      const mine = ++latest;
      const bounds = map.getBounds().pad(0.1);
      const url = new URL(address, location);
      url.searchParams.set("box", [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map((n) => n.toFixed(3)).join());
      url.searchParams.set("zoom", map.getZoom());
      const answer = await fetch(url);
      if (!answer.ok || mine !== latest) return;
      const { clusters } = await answer.json();
      const focused = document.activeElement?.href;
      marks.clearLayers();
      none.textContent = clusters.length ? "" : element.dataset.none;
      clusters.forEach((cluster) => mark(cluster).addTo(marks));
      turn(element);
      if (focused) map.getPane("markerPane").querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
    };
    map.on("moveend", ask);
    ask();
  };

  const draw = async (element) => {
    await leaflet(element);
    element.hidden = false;
    const { dataset } = element;
    const map = L.map(element, { attributionControl: false, zoomControl: false, worldCopyJump: true, maxZoom: 14, minZoom: 1, zoomSnap: 0.25, renderer: L.svg({ padding: 1 }) });
    L.control.zoom({ zoomInTitle: dataset.closer, zoomOutTitle: dataset.farther, position: document.dir === "rtl" ? "topright" : "topleft" }).addTo(map);
    const land = { className: "land", interactive: false };
    const area = { className: "area", interactive: false };
    const still = { animate: false };
    map.setView([15, 20], 2, still);
    if (dataset.shapes) {
      const areas = L.geoJSON(await json(dataset.shapes), { style: area }).addTo(map);
      if (areas.getLayers().length) map.fitBounds(areas.getBounds().pad(0.06), still);
    } else {
      L.geoJSON(countries(await json(dataset.world)), { style: land }).addTo(map);
    }
    if (dataset.clusters) counted(map, dataset.clusters, element);
    else pinned(map, element, still);
  };

  const pinned = (map, element, still) => {
    const places = JSON.parse(document.getElementById(`${element.id}-places`).textContent)
      .filter(({ latitude, longitude }) => latitude != null && longitude != null);
    const pins = L.layerGroup().addTo(map);
    const place = () => {
      pins.clearLayers();
      together(places, map).forEach((made) => made.addTo(pins));
    };
    const bounds = L.latLngBounds(places.map(({ latitude, longitude }) => [latitude, longitude]));
    if (places.length) map.fitBounds(bounds.pad(0.2), { ...still, maxZoom: 9 });
    place();
    map.on("zoomend", place);
    const list = element.parentElement.querySelector("[data-folds]");
    if (list) list.open = false;
  };

  const drawAll = () => document.querySelectorAll(".map[hidden]:not([data-drawn])").forEach((element) => {
    element.dataset.drawn = "";
    draw(element);
  });

  drawAll();
  if (!window.mapsAreDrawn) document.addEventListener("htmx:after:swap", drawAll);
  window.mapsAreDrawn = true;
})();
