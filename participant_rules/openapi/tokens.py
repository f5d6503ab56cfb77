"""The token endpoint as OpenAPI: RFC 6749 with the vendor's grants."""

from typing import Any, Final

from participant_rules.openapi.parts import FAILURE

__all__ = ["SCHEMAS", "TAG", "TOKEN"]

Json = dict[str, Any]

TAG: Final = "tokens"

_TEXT: Final[Json] = {"type": "string"}
_SHOWN: Final[Json] = {"type": "string", "minLength": 1}

_SCOPE: Final = _TEXT | {"description": "What it is for; `api` where it is left out."}

_OF_SERVICE: Final[Json] = {
    "type": "object",
    "description": "What a service account gets a token for.",
    "properties": {
        "grant_type": {"type": "string", "enum": ["client_credentials"]},
        "client_assertion": _SHOWN | {"description": "A JSON Web Token that the service account has signed."},
        "client_assertion_type": _TEXT,
        "scope": _SCOPE,
    },
    "required": ["grant_type", "client_assertion"],
}

_OF_PARTICIPANT: Final[Json] = {
    "type": "object",
    "description": "What a service account gets a participant's token for.",
    "properties": {
        "grant_type": {"type": "string", "enum": ["delegated_participant"]},
        "token": _SHOWN | {"description": "A token of the service account."},
        "participant_id": _SHOWN | {"description": "The id of the participant."},
        "client_id": _TEXT,
        "client_secret": _TEXT,
        "scope": _SCOPE,
    },
    "required": ["grant_type", "token", "participant_id"],
}

_GRANTED: Final[Json] = {
    "type": "object",
    "description": "A token, and for how long it is good.",
    "properties": {
        "access_token": _TEXT,
        "expires_in": {"type": "integer", "description": "Seconds."},
        "token_type": {"type": "string", "enum": ["Bearer"]},
        "scope": _TEXT,
    },
    "required": ["access_token", "expires_in", "token_type"],
}

_REFUSED: Final[Json] = {
    "type": "object",
    "description": "Why there is no token (RFC 6749, 5.2).",
    "properties": {
        "error": {
            "type": "string",
            "enum": ["invalid_request", "invalid_client", "invalid_grant", "unsupported_grant_type"],
        },
        "error_description": _TEXT | {"description": "The same in a sentence."},
    },
    "required": ["error"],
}

SCHEMAS: Final[Json] = {
    "ServiceTokenRequest": _OF_SERVICE,
    "ParticipantTokenRequest": _OF_PARTICIPANT,
    "Token": _GRANTED,
    "TokenRefusal": _REFUSED,
}

_ASSERTION: Final = {
    "scope": "api",
    "grant_type": "client_credentials",
    "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    "client_assertion": "header.claims.signature",
}

TOKEN: Final[Json] = {
    "/identityserver/connect/token": {
        "post": {
            "operationId": "token",
            "summary": "Get a token",
            "description": (
                "A token for the calls of projects, good for a few minutes: of a service account for an"
                " assertion that it signs, or of one participant for the token of a service account."
            ),
            "tags": [TAG],
            "security": [],
            "requestBody": {
                "required": True,
                "content": {
                    "application/x-www-form-urlencoded": {
                        "schema": {
                            "oneOf": [
                                {"$ref": "#/components/schemas/ServiceTokenRequest"},
                                {"$ref": "#/components/schemas/ParticipantTokenRequest"},
                            ]
                        },
                        "examples": {"service account": {"value": _ASSERTION}},
                    }
                },
            },
            "responses": {
                "200": {
                    "description": "A token.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Token"}}},
                },
                "400": {
                    "description": "The request is none for a token.",
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/TokenRefusal"}}
                    },
                },
                **FAILURE,
            },
        }
    }
}
