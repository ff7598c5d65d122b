// @ts-check
/** Recording a voice note with the microphone, where there is one and it may be used. */

/** @returns {boolean} */
export function canRecord() {
  return Boolean(navigator.mediaDevices?.getUserMedia) && typeof MediaRecorder === "function";
}

/** What browsers record, in the order in which we like it; the simulator turns WebM into a real voice note. */
const TYPES = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"];

/**
 * Start recording; `stop(true)` gives the recording, `stop(false)` throws it away.
 * @returns {Promise<{stop: (keep: boolean) => Promise<File|null>}>}
 */
export async function record() {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
  const type = TYPES.find((one) => MediaRecorder.isTypeSupported(one));
  const recorder = new MediaRecorder(stream, type ? { mimeType: type, audioBitsPerSecond: 24000 } : {});
  /** @type {Blob[]} */
  const parts = [];
  recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => recorder.addEventListener("stop", () => resolve(), { once: true }));
  recorder.start();
  return {
    async stop(keep) {
      recorder.stop();
      await ended;
      for (const track of stream.getTracks()) track.stop();
      const plain = (recorder.mimeType || "audio/webm").split(";")[0];
      return keep && parts.length > 0 ? new File(parts, `voice.${plain.split("/")[1]}`, { type: plain }) : null;
    },
  };
}
