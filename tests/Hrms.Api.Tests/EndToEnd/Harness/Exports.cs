using System.Net.Http.Headers;
using System.Text.Json;
using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>Taking a record away by FHIR.</summary>
public static class Exports
{
    /// <summary>Types of what stands beside the records in an export of a test's: none of these tests' records is of one.</summary>
    private static readonly string[] NoRecords = ["Consent", "AuditEvent", "Provenance"];

    public static Task<FhirPage> AsksForExportAsync(this Party party, Patient patient, string query = "") => party.GetsAsync($"fhir/Patient/{patient.Id}/$everything{query}");

    /// <summary>Any address below the server, with this party's token. Who is asked to sign in again does so, and asks again, as an app would.</summary>
    public static async Task<FhirPage> GetsAsync(this Party party, string address, string? accept = null)
    {
        var page = await party.GetsOnceAsync(address, accept);
        // A clock that leaps meanwhile makes the new sign-in an old one.
        for (var tries = 0; tries < 5 && page.Challenge?.Contains("insufficient_user_authentication", StringComparison.Ordinal) == true; tries++)
            page = await (await party.SignedInAgainAsync()).GetsOnceAsync(address, accept);
        return page;
    }

    public static async Task<FhirPage> GetsOnceAsync(this Party party, string address, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", party.Token);
        if (accept is not null)
            request.Headers.Accept.ParseAdd(accept);
        using var response = await party.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return await FhirPage.OfAsync(response);
    }

    /// <summary>All pages, from the first to the last; each answers 200.</summary>
    public static async Task<IReadOnlyList<FhirPage>> TurnsPagesAsync(this Party party, Patient patient, string query = "")
    {
        List<FhirPage> pages = [await party.AsksForExportAsync(patient, query)];
        while (pages[^1].Next is { } next)
            pages.Add(await party.GetsAsync(next));
        Assert.All(pages, page => Assert.Equal(200, page.Status));
        return pages;
    }

    /// <summary>Every resource of an export, of all its pages.</summary>
    public static async Task<IReadOnlyList<JsonElement>> ExportsAsync(this Party party, Patient patient, string query = "") =>
        [.. (await party.TurnsPagesAsync(patient, query)).SelectMany(page => page.Resources)];

    /// <summary>The ids of the records in an export, in their order.</summary>
    public static async Task<IReadOnlyList<Guid>> ExportsRecordsAsync(this Party party, Patient patient, PurposeOfUse? purpose = null, string query = "") =>
        [.. (await party.ExportsAsync(patient, purpose is null ? query : $"?purposeOfUse={purpose}{query}")).Where(IsRecord).Select(IdOf)];

    /// <summary>Whether it is an AuditEvent of an access line, and no decision beside one.</summary>
    public static bool IsLine(this JsonElement resource) => resource.LineOf() is not null && !(resource.ProfileOf() == "AuthZconsent" && resource.GetProperty("outcome").GetString() == "0");

    /// <summary>The number of the access line that an AuditEvent was written from; null: from none.</summary>
    public static long? LineOf(this JsonElement resource)
    {
        if (resource.TypeOf() != "AuditEvent")
            return null;
        var line = resource.GetProperty("entity").EnumerateArray().Where(entity => entity.TryGetProperty("detail", out _)).SelectMany(entity => entity.GetProperty("detail").EnumerateArray())
            .Where(detail => detail.GetProperty("type").GetString() == "access-line").Select(detail => detail.GetProperty("valueString").GetString()).SingleOrDefault();
        return line is null ? null : long.Parse(line, System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>The last part of the first of IHE BALP's profiles that an AuditEvent says it follows; null: none.</summary>
    public static string? ProfileOf(this JsonElement audit) =>
        audit.GetProperty("meta").TryGetProperty("profile", out var profiles) ? profiles[0].GetString()!.Split("IHE.BasicAudit.")[^1] : null;

    public static bool IsRecord(this JsonElement resource) => !NoRecords.Contains(resource.TypeOf());

    public static string TypeOf(this JsonElement resource) => resource.GetProperty("resourceType").GetString()!;

    public static Guid IdOf(this JsonElement resource) => resource.GetProperty("id").GetGuid();
}

/// <summary>What came back from the FHIR edge.</summary>
public sealed record FhirPage(int Status, string? Type, byte[] Bytes, string? RetryAfter, string? Challenge)
{
    public JsonElement Body { get; } = Bytes.Length == 0 ? default : JsonElement.Parse(Bytes);

    public string? Next => Body.TryGetProperty("link", out var links)
        ? links.EnumerateArray().Where(link => link.GetProperty("relation").GetString() == "next").Select(link => link.GetProperty("url").GetString()).SingleOrDefault()
        : null;

    public IReadOnlyList<JsonElement> Entries => Body.TryGetProperty("entry", out var entries) ? [.. entries.EnumerateArray()] : [];

    public IReadOnlyList<JsonElement> Resources => [.. Entries.Select(entry => entry.GetProperty("resource"))];

    public IReadOnlyList<Guid> Records => [.. Resources.Where(Exports.IsRecord).Select(Exports.IdOf)];

    /// <summary>Of an OperationOutcome: the issue's code, and the parameter that is at fault.</summary>
    public (string? Code, string? Place) Issue
    {
        get
        {
            Assert.Equal("OperationOutcome", Body.TypeOf());
            var issue = Body.GetProperty("issue")[0];
            return (issue.GetProperty("code").GetString(), issue.TryGetProperty("location", out var place) ? place[0].GetString() : null);
        }
    }

    public static async Task<FhirPage> OfAsync(HttpResponseMessage response) => new(
        (int)response.StatusCode, response.Content.Headers.ContentType?.ToString(), await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken),
        response.Headers.RetryAfter?.ToString(), response.Headers.WwwAuthenticate.SingleOrDefault()?.ToString());
}
