// A client of the test's echo server, for browsers and for Node: each text that it posts in
// the end it has sent, and has got back.
const host = globalThis.location?.host ?? process.env.ECHO_HOST;
const socket = new WebSocket(`ws://${host}/echo`);
const log = [];
const next = () => {
  if (log.length < 50) {
    socket.send(`text-${log.length}-é-` + "abc".repeat(log.length ** 2));
  } else {
    socket.close(1000);
  }
};
socket.onopen = next;
socket.onmessage = (e) => {
  log.push(e.data);
  next();
};
socket.onclose = () => fetch(`http://${host}/log`, { method: "POST", body: JSON.stringify(log) });
