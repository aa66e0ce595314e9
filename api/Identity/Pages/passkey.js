// A form with data-passkey asks the authenticator first: its answer goes along as "credential". Without this script, or without a passkey, the password is there.
for (const form of document.querySelectorAll('form[data-passkey]')) {
  form.addEventListener('submit', async event => {
    event.preventDefault();
    const problem = form.querySelector('[role=alert]');
    try {
      const answer = await fetch(form.dataset.options, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
      if (answer.status === 401) {
        location.assign('/account/sign-in');
        return;
      }
      if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
      const options = await answer.json();
      const credential = form.dataset.passkey === 'create'
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
      form.elements.credential.value = JSON.stringify(credential);
      form.submit();
    } catch (error) {
      problem.textContent = error.name === 'NotAllowedError' ? form.dataset.notUsed : form.dataset.failed;
      problem.hidden = false;
    }
  });
}
