"""A badge, and the contexts of the W3C vectors, which no issuer may use."""

ISSUER = "did:web:badges.example:o:acme"

BADGE = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
    ],
    "id": "https://badges.example/o/acme/c/k7j3",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": ISSUER, "type": ["Profile"], "name": "Acme", "url": "https://acme.example"},
    "validFrom": "2026-01-31T09:00:00Z",
    "name": "First aid",
    "credentialSubject": {
        "type": ["AchievementSubject"],
        "identifier": [
            {
                "type": "IdentityObject",
                "hashed": True,
                "identityHash": "sha256$5d41402abc4b2a76b9719d911017c592",
                "identityType": "emailAddress",
                "salt": "c2FsdA",
            }
        ],
        "creditsEarned": 2.5,
        "achievement": {
            "id": "https://badges.example/o/acme/a/first-aid",
            "type": ["Achievement"],
            "name": "First aid",
            "description": "Can help until help comes.\u000bAlways.",
            "criteria": {"narrative": "Sixteen hours and an examination."},
            "alignment": [
                {"type": ["Alignment"], "targetName": "Administer first aid", "targetUrl": "https://skills.example/first-aid"},
                {"type": ["Alignment"], "targetName": "Keep calm", "targetUrl": "https://skills.example/calm"},
            ],
            "tag": ["health", "safety"],
        },
    },
    "credentialSchema": [
        {
            "id": "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json",
            "type": "1EdTechJsonSchemaValidator2019",
        }
    ],
}

SCHEMA_ORG, CITIZENSHIP, XSD = "https://schema.org/", "https://w3id.org/citizenship#", "http://www.w3.org/2001/XMLSchema#"

#: What the two contexts say about the terms that the vectors use; the published canonical forms show that it is enough.
W3C_EXAMPLES = {
    "https://www.w3.org/ns/credentials/examples/v2": {
        "@context": {term: f"https://www.w3.org/ns/credentials/examples#{term}" for term in ("AlumniCredential", "alumniOf")}
    },
    "https://w3id.org/citizenship/v4rc1": {
        "@context": {
            "EmploymentAuthorizationDocumentCredential": f"{CITIZENSHIP}EmploymentAuthorizationDocumentCredential",
            "image": {"@id": f"{SCHEMA_ORG}image", "@type": "@id"},
            "Person": {
                "@id": f"{SCHEMA_ORG}Person",
                "@context": {
                    "additionalName": f"{SCHEMA_ORG}additionalName",
                    "birthDate": {"@id": f"{SCHEMA_ORG}birthDate", "@type": f"{XSD}dateTime"},
                    "familyName": f"{SCHEMA_ORG}familyName",
                    "gender": f"{SCHEMA_ORG}gender",
                    "givenName": f"{SCHEMA_ORG}givenName",
                },
            },
            "EmployablePerson": {
                "@id": f"{CITIZENSHIP}EmployablePerson",
                "@context": {
                    "birthCountry": f"{CITIZENSHIP}birthCountry",
                    "employmentAuthorizationDocument": {"@id": f"{CITIZENSHIP}employmentAuthorizationDocument", "@type": "@id"},
                    "residentSince": {"@id": f"{CITIZENSHIP}residentSince", "@type": f"{XSD}dateTime"},
                },
            },
            "PermanentResidentCardCredential": f"{CITIZENSHIP}PermanentResidentCardCredential",
            "PermanentResident": {
                "@id": f"{CITIZENSHIP}PermanentResident",
                "@context": {
                    "birthCountry": f"{CITIZENSHIP}birthCountry",
                    "commuterClassification": f"{CITIZENSHIP}commuterClassification",
                    "permanentResidentCard": {"@id": f"{CITIZENSHIP}permanentResidentCard", "@type": "@id"},
                    "residentSince": {"@id": f"{CITIZENSHIP}residentSince", "@type": f"{XSD}dateTime"},
                },
            },
            "PermanentResidentCard": {
                "@id": f"{CITIZENSHIP}PermanentResidentCard",
                "@context": {
                    "identifier": f"{SCHEMA_ORG}identifier",
                    "lprCategory": f"{CITIZENSHIP}lprCategory",
                    "lprNumber": f"{CITIZENSHIP}lprNumber",
                },
            },
            "EmploymentAuthorizationDocument": {
                "@id": f"{CITIZENSHIP}EmploymentAuthorizationDocument",
                "@context": {
                    "identifier": f"{SCHEMA_ORG}identifier",
                    "lprCategory": f"{CITIZENSHIP}lprCategory",
                    "lprNumber": f"{CITIZENSHIP}lprNumber",
                },
            },
        }
    },
}
