// The control API.

export async function ask(path) {
  return read(await reach(path));
}

export async function tell(path, body) {
  return read(await reach(path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  }));
}

async function reach(path, request) {
  try {
    return await fetch("/sandbox/" + path, request);
  } catch {
    throw new Error("The sandbox does not answer.");
  }
}

async function read(response) {
  const body = await response.json();
  if (!response.ok) throw new Error(body.error ?? response.statusText);
  return body;
}
