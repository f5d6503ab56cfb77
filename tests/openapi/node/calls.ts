// Every call through a client that is made of the description: node calls.js ADDRESS [USERNAME API_KEY]
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

declare const process: { argv: string[] };

const [, , baseUrl = "", username, key] = process.argv;
const surveyId = "20dbe888-ec99-4895-b094-e34084f9408f";
const projectId = "8b0b3d7e-52b5-4c43-9c5d-5f3c5e7a1f00";

type Answer<Data> = { data?: Data; error?: unknown; response: Response };

async function right<Data>(name: string, call: Promise<Answer<Data>>): Promise<Data> {
  const { data, error, response } = await call;
  if (response.status !== 200) throw new Error(`${name}: ${response.status} ${JSON.stringify(error)}`);
  console.log(name);
  return data as Data;
}

function check(name: string, holds: boolean): void {
  if (!holds) throw new Error(name);
}

const anybody = createClient<paths>({ baseUrl });
const form = (body: Record<string, string>) => new URLSearchParams(body);
const granted = await right(
  "token",
  anybody.POST("/identityserver/connect/token", {
    body: { grant_type: "client_credentials", client_assertion: "any.signed.assertion" },
    bodySerializer: form,
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
  }),
);

if (key) {
  const path = { surveyId };
  const refused = await anybody.GET("/surveys/{surveyId}/participants", { params: { path } });
  check("401 without credentials", refused.response.status === 401);
  const message: string | undefined = refused.error?.message;
  check("a message", typeof message === "string");
  const other = await anybody.GET("/api/v1/administration/projects/{projectId}/participants", {
    params: { path: { projectId } },
  });
  check("401 without a token", other.error?.errors[0]?.code === "token-required");
}

// ---- participants of a survey

const surveys = createClient<paths>({
  baseUrl,
  headers: key ? { "X-USERNAME": username, "X-API-KEY": key, "X-VERSION": "2.0" } : {},
});
const subject: components["schemas"]["SurveySubjectInput"] = {
  subjectName: "Alton Towers",
  questionnaireSeeding: { v45: "David", v46: "D" },
};
const kim = (login: string, subjects: components["schemas"]["SurveySubjectInput"][]) =>
  ({
    enabled: true,
    invitationSection: { optedOut: false, sendInvitations: true, emailAddress: "kim@example.com" },
    loginSection: { login, interviewer: null, subjects },
  }) satisfies components["schemas"]["SurveyParticipantInput"];
const one = { surveyId, participantUniqueId: "kim" };

const added = await right(
  "survey-add",
  surveys.POST("/surveys/{surveyId}/participants", { params: { path: { surveyId } }, body: kim("kim", [subject]) }),
);
check("the subject is there", added.loginSection?.subjects?.[0]?.questionnaireSeeding?.["v45"] === "David");
const listed = await right(
  "survey-list",
  surveys.GET("/surveys/{surveyId}/participants", { params: { path: { surveyId }, query: { maxParticipants: 10 } } }),
);
check("three are there", listed.participants.length === 3 && listed.upToDate);
const read = await right(
  "survey-read",
  surveys.GET("/surveys/{surveyId}/participants/{participantUniqueId}", { params: { path: one } }),
);
await right(
  "survey-update",
  surveys.PUT("/surveys/{surveyId}/participants/{participantUniqueId}", { params: { path: one }, body: read }),
);
await right(
  "survey-add-subject",
  surveys.POST("/surveys/{surveyId}/participants/{participantUniqueId}/subjects", {
    params: { path: one },
    body: { subjectName: "Chester Zoo" },
  }),
);
const subjects = await right(
  "survey-list-subjects",
  surveys.GET("/surveys/{surveyId}/participants/{participantUniqueId}/subjects", { params: { path: one } }),
);
check("two subjects", subjects.length === 2);
const named = { ...one, subjectName: "Chester Zoo" };
const at = "/surveys/{surveyId}/participants/{participantUniqueId}/subjects/{subjectName}";
const zoo = await right("survey-read-subject", surveys.GET(at, { params: { path: named } }));
await right(
  "survey-update-subject",
  surveys.PUT(at, { params: { path: named }, body: { ...zoo, questionnaireSeeding: { v45: "x" } } }),
);
await right("survey-delete-subject", surveys.DELETE(at, { params: { path: named } }));
await right(
  "survey-delete",
  surveys.DELETE("/surveys/{surveyId}/participants/{participantUniqueId}", { params: { path: one } }),
);

// ---- participants of a project

const projects = createClient<paths>({
  baseUrl,
  headers: key ? { Authorization: `Bearer ${granted.access_token}` } : {},
});
const all = "/api/v1/administration/projects/{projectId}/participants";
const put = await right(
  "project-put",
  projects.PUT(all, {
    params: { path: { projectId } },
    body: { participantIdentifier: "T-1", demographics: { gender: "F" }, customFields: { Smoker: 1 } },
  }),
);
check("it was added", put.actionTaken === "add" && put.result.customFields?.["Smoker"] === 1);
const bulk = await right(
  "project-bulk",
  projects.POST(all, {
    params: { path: { projectId }, query: { allowUpdate: true } },
    body: { participants: [{ participantIdentifier: "T-1" }, { participantIdentifier: "T-2" }] },
  }),
);
check("one more", bulk.totalAdded === 1 && bulk.results.length === 2);
const page = await right(
  "project-query",
  projects.GET(all, { params: { path: { projectId }, query: { sortBy: "ParticipantIdentifier", pageSize: 3 } } }),
);
check("four are there", page.totalParticipants === 4 && page.participants.length === 3);
const byId = { path: { projectId, participantID: put.result.id ?? "" }, query: { queryByID: true } };
await right("project-read", projects.GET(`${all}/{participantID}`, { params: byId }));
await right("project-segments", projects.GET(`${all}/{participantID}/segments`, { params: byId }));
await right("project-withdraw", projects.POST(`${all}/{participantID}/withdraw`, { params: byId }));
const gone = await right("project-delete", projects.DELETE(`${all}/{participantID}`, { params: byId }));
check("it is gone", gone.actionTaken === "delete");
