// Bytes by their name, and whether they are still the ones that were named.
//
// May not enter: what they mean.

const HEX = 16;

/** The bytes with this digest; `intact`: the browser itself found the same digest. */
export async function bytes_named(
  sha256: string,
): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly intact: boolean }> {
  const answer = await fetch(`/v1/blobs/${sha256}`, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const found = [...sum].map((one) => one.toString(HEX).padStart(2, "0")).join("");
  return { bytes, intact: found === sha256 };
}
