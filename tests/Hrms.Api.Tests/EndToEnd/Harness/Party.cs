using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>Anybody with a token, speaking GraphQL.</summary>
public abstract class Party(HrmsFixture hrms, Guid id, string token)
{
    private const string RecordFields = "id version resourceType class source date labels streamVersion codes { display } enteredBy { kind id }";

    public Guid Id => id;

    public string Token => token;

    public HttpClient Http => hrms.Http;

    protected HrmsFixture Hrms => hrms;

    public async Task<Answer> AsksAsync(string query, object? variables = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "graphql") { Content = JsonContent.Create(new { query, variables }, options: Answer.Json) };
        request.Headers.Accept.ParseAdd("application/graphql-response+json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await hrms.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Sends one mutation with one input. Who is asked to sign in again does so, and sends it again, as an app would.</summary>
    /// <param name="fields">What is wanted of the payload besides its errors.</param>
    public async Task<Reply> SendsAsync(string mutation, object input, string fields)
    {
        var reply = await SendsOnceAsync(mutation, input, fields);
        return reply.Refusal == "INSUFFICIENT_USER_AUTHENTICATION" ? await (await SignedInAgainAsync()).SendsOnceAsync(mutation, input, fields) : reply;
    }

    /// <summary>The same party, freshly signed in.</summary>
    public async Task<Party> SignedInAgainAsync() => new Anew(hrms, id, await hrms.SignedInAgainAsync(token));

    public async Task<Reply> SendsOnceAsync(string mutation, object input, string fields)
    {
        var type = $"{char.ToUpperInvariant(mutation[0])}{mutation[1..]}Input!";
        var answer = await AsksAsync($"mutation($input: {type}) {{ {mutation}(input: $input) {{ {fields} errors {{ code message place maxAge }} }} }}", new { input });
        return new Reply(answer.Data.GetProperty(mutation));
    }

    /// <summary>The ids of all records that this party is shown in a patient's list.</summary>
    public async Task<IReadOnlyList<Guid>> SeesAsync(Patient patient, PurposeOfUse? purpose = null, object? where = null) =>
        [.. (await ListsAsync(patient, purpose, where)).GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("id").GetGuid())];

    public async Task<JsonElement> ListsAsync(Patient patient, PurposeOfUse? purpose = null, object? where = null) => (await AsksAsync(
        $"query($patient: ID!, $purpose: PurposeOfUse, $where: RecordFilter) {{ patient(id: $patient, purpose: $purpose) {{ records(first: 200, where: $where) {{ totalCount nodes {{ {RecordFields} content }} }} }} }}",
        new { patient = patient.Id, purpose, where })).Patient.GetProperty("records");

    /// <summary>One record with its content; null when this party is shown none.</summary>
    public async Task<JsonElement?> ReadsAsync(Patient patient, Guid record, int? version = null, PurposeOfUse? purpose = null)
    {
        var answer = await TriesToReadAsync(patient, record, version, purpose);
        return answer.Patient.GetProperty("record") is { ValueKind: JsonValueKind.Object } found ? found : null;
    }

    public Task<Answer> TriesToReadAsync(Patient patient, Guid record, int? version = null, PurposeOfUse? purpose = null) => AsksAsync(
        $"query($patient: ID!, $purpose: PurposeOfUse, $record: ID!, $version: Int) {{ patient(id: $patient, purpose: $purpose) {{ record(id: $record, version: $version) {{ {RecordFields} content }} }} }}",
        new { patient = patient.Id, record, version, purpose });

    /// <summary>Adds a resource to a patient's record under a command id, which may be one that was used before.</summary>
    public Task<Reply> AddsToAsync(Patient patient, JsonElement resource, Guid? command = null) => SendsAsync(
        "addRecord", new { commandId = command ?? Guid.NewGuid(), patient = patient.Id, resource }, $"count records {{ {RecordFields} }}");

    public Task<Reply> ImportsToAsync(Patient patient, JsonElement bundle, Guid? command = null) => SendsAsync(
        "importBundle", new { commandId = command ?? Guid.NewGuid(), patient = patient.Id, bundle }, $"count records {{ {RecordFields} }}");

    public Task<Reply> AmendsAsync(Patient patient, Guid record, int expectedVersion, JsonElement resource, Guid? command = null) => SendsAsync(
        "amendRecord", new { commandId = command ?? Guid.NewGuid(), patient = patient.Id, record, expectedVersion, resource }, $"record {{ {RecordFields} }}");
}

internal sealed class Anew(HrmsFixture hrms, Guid id, string token) : Party(hrms, id, token);

/// <summary>A practitioner or an organisation.</summary>
public sealed class Provider(HrmsFixture hrms, Guid id, ProviderKind kind, string token) : Party(hrms, id, token)
{
    public ProviderKind Kind => kind;

    /// <summary>Takes a practitioner in, or lets one go.</summary>
    public async Task HasMemberAsync(Provider practitioner, bool member = true) =>
        (await SendsAsync("changeMembership", new { organization = Id, practitioner = practitioner.Id, member }, "provider { members }")).Done();
}

/// <summary>Who registers patients and providers, and sees nothing of any record.</summary>
public sealed class Operator(HrmsFixture hrms, string token) : Party(hrms, Guid.Empty, token)
{
    public async Task<Guid> RegistersAsync(ProviderKind kind, string name, string number)
    {
        var reply = await SendsAsync("registerProvider", new { kind, name, identifierSystem = "urn:test:registry", identifierValue = number }, "provider { id }");
        return reply.Done().Payload.GetProperty("provider").GetProperty("id").GetGuid();
    }
}
