using Hrms.Api.Auth;
using Hrms.Api.Budgets;
using Hrms.Api.Fhir.Endpoints;
using Hrms.Contracts;

namespace Hrms.Api.Fhir.Everything;

/// <summary>
/// <c>GET /fhir/Patient/{id}/$everything</c>: a patient's record to take away, a page at a time. Who may take nothing away gets what there is of a patient who has nothing, or who never
/// was: a Bundle without entries.
/// </summary>
internal static class EverythingEndpoint
{
    public static async Task HandleAsync(HttpContext http, Guid id, IGrainFactory grains, ExportGate gate, ITokenStanding standing, IRequestBudget budget)
    {
        if (budget.Admit(http, http.User, RequestCost.Question) is { } wait)
        {
            await FhirAnswer.ThrottleAsync(http, wait);
            return;
        }
        if (CurrentAsker.ActorOf(http.User) is not { } actor)
        {
            http.Response.Headers.WWWAuthenticate = BearerToken.Challenge(http.Request);
            await FhirAnswer.RefuseAsync(http, StatusCodes.Status401Unauthorized, "login", "Send a bearer token that names who asks.");
            return;
        }
        if (!FhirAnswer.TakesJson(http.Request))
        {
            await FhirAnswer.RefuseAsync(http, StatusCodes.Status406NotAcceptable, "not-supported", "This server speaks application/fhir+json.");
            return;
        }
        var asked = EverythingParameters.Read(http.Request.Query);
        if (!asked.Succeeded)
        {
            await FhirAnswer.RefuseAsync(http, asked.Refusal);
            return;
        }
        using var lease = gate.Enter(actor);
        if (!lease.IsAcquired)
        {
            await FhirAnswer.RefuseAsync(http, new Refusal(RefusalCode.Busy, "One page of an export is made at a time for each asker. Ask for this one again in a moment."));
            return;
        }
        await AnswerAsync(http, new PatientId(id), grains.Grain<IPatientGrain>(id), asked.Value, standing, budget);
    }

    private static async Task AnswerAsync(HttpContext http, PatientId patient, IPatientGrain grain, EverythingParameters asked, ITokenStanding standing, IRequestBudget budget)
    {
        var asker = CurrentAsker.Of(http.User, asked.Purpose, RequestIdHeader.Of(http));
        var page = await grain.ExportAsync(asked.ToQuestion(asker));
        if (!page.Succeeded)
        {
            await FhirAnswer.RefuseAsync(http, page.Refusal);
            return;
        }
        var address = FhirEndpoints.AddressFor(http);
        var self = new Uri($"{address.AbsoluteUri}/Patient/{patient}/$everything{http.Request.QueryString}");
        var next = page.Value.Next is { } after ? EverythingParameters.Next(self, http.Request.Query, after) : null;
        FhirAnswer.Begin(http, StatusCodes.Status200OK);
        using var bundle = new BundleWriter(http.Response.BodyWriter, address);
        bundle.Begin(self, next);
        var writer = new EverythingWriter(bundle, patient, address, asked.Wants("Provenance"), CheckAsync);
        var whole = await writer.WriteAsync(page.Value, http.RequestAborted);
        budget.Charge(http, http.User, RequestCost.OfBytes(bundle.Length));
        if (whole)
            await bundle.EndAsync(http.RequestAborted);
        else
            http.Abort();       // what has begun must not look as if it were whole

        async Task<Outcome<ExportCheck>> CheckAsync(IReadOnlyList<RecordId> records) =>
            await standing.IsGoodAsync(http.User, http.RequestAborted) ? await grain.CheckExportAsync(asker, records) : new ExportCheck(false, []);
    }
}
