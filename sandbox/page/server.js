// The control API.

export async function ask(path) {
  return read(await fetch("/sandbox/" + path));
}

export async function tell(path, body) {
  return read(await fetch("/sandbox/" + path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  }));
}

async function read(response) {
  const body = await response.json();
  if (!response.ok) throw new Error(body.error ?? response.statusText);
  return body;
}
