/* Maps without outside tiles: the shapes of countries, our areas, and a pin a place.
   Leaflet is fetched only where a map is on the page. */
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
    const icon = L.divIcon({ className: "map-pin", iconSize: [26, 26], iconAnchor: [13, 31], html: label });
    return L.marker([places[0].latitude, places[0].longitude], { icon, title }).bindPopup(popup);
  };

  const json = async (address) => (await fetch(address)).json();

  const draw = async (element) => {
    await leaflet(element);
    element.hidden = false;
    const { dataset } = element;
    const map = L.map(element, { attributionControl: false, zoomControl: false, worldCopyJump: true, maxZoom: 14, minZoom: 1, zoomSnap: 0.25 });
    L.control.zoom({ zoomInTitle: dataset.closer, zoomOutTitle: dataset.farther, position: document.dir === "rtl" ? "topright" : "topleft" }).addTo(map);
    const places = JSON.parse(document.getElementById(`${element.id}-places`).textContent)
      .filter(({ latitude, longitude }) => latitude != null && longitude != null);
    const pins = L.layerGroup();
    const place = () => {
      pins.clearLayers();
      together(places, map).forEach((made) => made.addTo(pins));
    };
    const land = { className: "land", interactive: false };
    const area = { className: "area", interactive: false };
    map.setView([15, 20], 2);
    if (dataset.shapes) {
      const areas = L.geoJSON(await json(dataset.shapes), { style: area }).addTo(map);
      if (areas.getLayers().length) map.fitBounds(areas.getBounds());
    } else {
      L.geoJSON(countries(await json(dataset.world)), { style: land }).addTo(map);
    }
    pins.addTo(map);
    const bounds = L.latLngBounds(places.map(({ latitude, longitude }) => [latitude, longitude]));
    if (places.length) map.fitBounds(bounds.pad(0.2), { maxZoom: 9, animate: false });
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
