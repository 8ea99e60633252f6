/** The site's one page: a sign-in for nobody, the passkey's buttons for a signed-in person. */
export function passkeyPage(email: string | undefined): string {
  return `<!doctype html><title>Approvals</title><body>
    ${email === undefined ? signInForm : signedInAs(email)}
    <p id="said" role="status"></p>
    <script type="module">${script}</script>`;
}

const signInForm = `
  <form>
    <label>Email <input name="email"></label>
    <label>Password <input name="password" type="password"></label>
    <button>Sign in</button>
  </form>
  <button id="passkey">Sign in with a passkey</button>`;

function signedInAs(email: string): string {
  return `<p>Signed in as ${email}</p>
    <button id="add">Add a passkey</button>
    <button id="approve">Approve</button>`;
}

const script = `
  const said = document.querySelector('#said');
  const post = async (path, body = {}) => {
    const response = await fetch(path, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) throw new Error('The site rejected ' + path);
    return response.json();
  };
  const sign = async () => {
    const options = await post('/passkey/options');
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
    await post('/passkey', await navigator.credentials.get({ publicKey }));
  };
  const add = async () => {
    const options = await post('/register/options');
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    await post('/register', await navigator.credentials.create({ publicKey }));
  };
  const on = (selector, event, act, then) =>
    document.querySelector(selector)?.addEventListener(event, (event) => {
      event.preventDefault();
      said.textContent = '';
      act(event).then(then, (error) => { said.textContent = error.message; });
    });
  const enter = () => location.assign('/');
  on('form', 'submit', ({ target }) => post('/password', Object.fromEntries(new FormData(target))), enter);
  on('#passkey', 'click', sign, enter);
  on('#add', 'click', add, () => { said.textContent = 'Passkey added'; });
  on('#approve', 'click', sign, () => { said.textContent = 'Approved'; });
`;
