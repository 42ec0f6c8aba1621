/* A call within a group of up to five, from browser to browser; nothing in between, and
   nothing begins by itself. Whoever has the lower number makes the offer. What they
   have to tell each other goes as letters through the room. */

const room = document.querySelector("[data-room]");
const call = room?.querySelector("[data-call]");

if (call && window.RTCPeerConnection && navigator.mediaDevices) {
  const me = Number(room.dataset.seat);
  const start = call.querySelector("[data-call-start]");
  const stop = call.querySelector("[data-call-stop]");
  const faces = call.querySelector("[data-faces]");
  const peers = new Map();
  let own = null;
  let read = 0;

  const others = () => (room.dataset.members || "").split(",").map(Number).filter((seat) => seat && seat !== me);

  const send = (to, letter) => {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", room.querySelector("[name=csrfmiddlewaretoken]").value);
    body.set("_once", crypto.randomUUID());
    body.set("to", to);
    body.set("text", JSON.stringify(letter));
    return fetch(call.dataset.letters, { method: "POST", body });
  };

  const face = (seat, stream) => {
    let figure = faces.querySelector(`[data-face="${seat}"]`);
    if (!figure) {
      figure = document.createElement("figure");
      figure.className = "face";
      figure.dataset.face = seat;
      const video = document.createElement("video");
      video.autoplay = true;
      video.playsInline = true;
      video.muted = seat === me;
      const name = document.createElement("figcaption");
      name.textContent = seat;
      figure.append(video, name);
      faces.append(figure);
    }
    figure.querySelector("video").srcObject = stream;
  };

  const hang_up = (seat) => {
    peers.get(seat)?.close();
    peers.delete(seat);
    faces.querySelector(`[data-face="${seat}"]`)?.remove();
  };

  const meet = (seat) => {
    hang_up(seat);
    const peer = new RTCPeerConnection({ iceServers: [] });
    peers.set(seat, peer);
    own.getTracks().forEach((track) => peer.addTrack(track, own));
    peer.ontrack = (event) => face(seat, event.streams[0]);
    peer.onconnectionstatechange = () => {
      const figure = faces.querySelector(`[data-face="${seat}"]`);
      if (figure) figure.dataset.state = peer.connectionState;
      if (peer.connectionState === "failed") hang_up(seat);
    };
    return peer;
  };

  /* All at once, when it is known where one can be reached: two letters for a pair. */
  const describe = async (peer, description) => {
    await peer.setLocalDescription(description);
    await new Promise((found) => {
      if (peer.iceGatheringState === "complete") found();
      peer.onicegatheringstatechange = () => { if (peer.iceGatheringState === "complete") found(); };
      setTimeout(found, 3000);
    });
    return peer.localDescription;
  };

  /* Each offer has a name, so that an answer to an earlier one is not taken for it. */
  const offer = async (seat) => {
    const peer = meet(seat);
    peer.name = crypto.randomUUID();
    const said = await describe(peer, await peer.createOffer());
    send(seat, { is: "offer", name: peer.name, said });
  };

  const answers = {
    hello: (from) => (me < from ? offer(from) : send(from, { is: "here" })),
    here: (from) => { if (me < from) offer(from); },
    offer: async (from, { name, said }) => {
      const peer = meet(from);
      await peer.setRemoteDescription(said);
      const back = await describe(peer, await peer.createAnswer());
      send(from, { is: "answer", name, said: back });
    },
    answer: async (from, { name, said }) => {
      const peer = peers.get(from);
      if (peer?.name === name && peer.signalingState === "have-local-offer") await peer.setRemoteDescription(said);
    },
    bye: (from) => hang_up(from),
  };

  const read_letters = async () => {
    const found = await fetch(`${call.dataset.letters}?after=${read}`);
    if (!found.ok) return;
    for (const [number, from, text] of (await found.json()).letters) {
      read = Math.max(read, number);
      const letter = JSON.parse(text);
      if (own && others().includes(from)) await answers[letter.is]?.(from, letter);
    }
  };
  let reading = Promise.resolve();
  const open = () => { reading = reading.then(read_letters).catch(() => {}); };

  const end = () => {
    for (const seat of [...peers.keys()]) { send(seat, { is: "bye" }); hang_up(seat); }
    own?.getTracks().forEach((track) => track.stop());
    own = null;
    faces.replaceChildren();
    start.hidden = false;
    stop.hidden = true;
  };

  start.addEventListener("click", async () => {
    try {
      own = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 320, height: 240, frameRate: 15 } });
    } catch {
      call.querySelector("[data-call-no]").hidden = false;
      return;
    }
    start.hidden = true;
    stop.hidden = false;
    face(me, own);
    others().forEach((seat) => send(seat, { is: "hello" }));
  });
  stop.addEventListener("click", end);
  addEventListener("pagehide", end);
  document.addEventListener("room:rung", open);
  document.addEventListener("room:regrouped", end);
  call.hidden = false;
}
