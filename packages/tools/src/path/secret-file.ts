const secretNames = /^(\.env(\..+)?|\.netrc|\.npmrc|\.pypirc|\.git-credentials|\.htpasswd|id_(rsa|dsa|ecdsa|ed25519))$/;
const secretEndings = /\.(pem|key|p12|pfx|jks|keystore|kdbx)$/i;

/** Whether a file's name says that it holds secrets, so that it is neither copied nor shown. */
export function isSecretFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return secretNames.test(name) || secretEndings.test(name);
}
