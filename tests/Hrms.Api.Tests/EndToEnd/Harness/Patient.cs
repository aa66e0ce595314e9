using System.Text.Json;
using Hrms.Contracts;
using Hrms.TestKit;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>A patient, deciding and looking.</summary>
public sealed class Patient(HrmsFixture hrms, Guid id, string token) : Party(hrms, id, token)
{
    private const string ConsentFields = "consent { id version status streamVersion validUntil }";

    /// <summary>Adds a resource to the own record and returns its id.</summary>
    public async Task<Guid> AddsAsync(JsonElement resource) => (await AddsRecordAsync(resource)).Id;

    public async Task<Entry> AddsRecordAsync(JsonElement resource) => Entry.Of((await AddsToAsync(this, resource)).Done().Payload.GetProperty("records")[0]);

    public Task<Given> GrantsAsync(Provider to, params DataClass[] classes) => GrantsAsync(to, new Terms { Classes = classes });

    public async Task<Given> GrantsAsync(Provider to, Terms terms) => Given.Of((await TriesToGrantAsync(to, terms)).Done());

    public Task<Reply> TriesToGrantAsync(Provider to, Terms terms, Guid? command = null) =>
        SendsAsync("grantConsent", terms.To(to, Id, command ?? Guid.NewGuid()), ConsentFields);

    public async Task<Given> RevokesAsync(Given consent) => Given.Of((await TriesToRevokeAsync(consent.Id)).Done());

    public Task<Reply> TriesToRevokeAsync(Guid consent, Guid? command = null) =>
        SendsAsync("revokeConsent", new { commandId = command ?? Guid.NewGuid(), patient = Id, consent }, ConsentFields);

    public async Task<Given> BlocksAsync(Guid record) =>
        Given.Of((await SendsAsync("blockRecord", new { commandId = Guid.NewGuid(), patient = Id, record, impactAcknowledged = true }, ConsentFields)).Done());

    /// <summary>Registers a device and hands it the code, with which it registers its key.</summary>
    public async Task<Device> EnrolsDeviceAsync(string name = "Ana's watch 4471")
    {
        var key = new DeviceKey();
        var enrolled = await Hrms.UnlessTimeLeapsAsync(
            async () => await Device.RegistersKeyAsync(Hrms, (await RegistersDeviceAsync(name)).Code, key), answer => answer.Status == 401);
        Assert.Equal((200, name), (enrolled.Status, name));
        var id = enrolled.Body.GetProperty("device").GetGuid();
        return new Device(Hrms, id, await Hrms.TokenAsync(patient: Id, device: id), key);
    }

    /// <summary>What the patient is given for a device that has no key yet.</summary>
    public async Task<(Guid Id, string Code)> RegistersDeviceAsync(string name = "Ana's watch 4471", Guid? patient = null)
    {
        var reply = (await SendsAsync("registerDevice", new { commandId = Guid.NewGuid(), patient = patient ?? Id, name }, "device { id } enrolmentCode")).Done();
        return (reply.Payload.GetProperty("device").GetProperty("id").GetGuid(), reply.Payload.GetProperty("enrolmentCode").GetString()!);
    }

    public async Task<IReadOnlyList<JsonElement>> ConsentsAsync() => [.. (await AsksAsync(
        "query($id: ID!) { patient(id: $id) { consents { id version status } } }", new { id = Id })).Patient.GetProperty("consents").EnumerateArray()];
}

/// <summary>A record as its patient's answer names it.</summary>
public sealed record Entry(Guid Id, int Version, long StreamVersion)
{
    public static Entry Of(JsonElement record) =>
        new(record.GetProperty("id").GetGuid(), record.GetProperty("version").GetInt32(), record.GetProperty("streamVersion").GetInt64());
}

/// <summary>A consent as its own answer names it.</summary>
public sealed record Given(Guid Id, int Version, string Status, long StreamVersion)
{
    public static Given Of(Reply reply)
    {
        var consent = reply.Payload.GetProperty("consent");
        return new(
            consent.GetProperty("id").GetGuid(), consent.GetProperty("version").GetInt32(), consent.GetProperty("status").GetString()!,
            consent.GetProperty("streamVersion").GetInt64());
    }
}

/// <summary>What a consent says besides to whom. Nothing set: everything, for ever.</summary>
public sealed record Terms
{
    public IReadOnlyList<DataClass> Classes { get; init; } = [];

    public IReadOnlyList<Guid> Records { get; init; } = [];

    public IReadOnlyList<PurposeOfUse> Purposes { get; init; } = [];

    public IReadOnlyList<AccessAction> Actions { get; init; } = [];

    /// <summary>The clinical dates of the data, from this moment on and before that one.</summary>
    public (DateTimeOffset From, DateTimeOffset Until)? Window { get; init; }

    public DateTimeOffset? ValidFrom { get; init; }

    public DateTimeOffset? ValidUntil { get; init; }

    public ProvisionType Type { get; init; } = ProvisionType.Permit;

    /// <summary>Until when who receives data may keep them.</summary>
    public DateTimeOffset? KeepUntil { get; init; }

    /// <summary>How many questions in how many hours.</summary>
    public (int Questions, int Hours)? AtMost { get; init; }

    public IReadOnlyList<SampleResolution> Resolutions { get; init; } = [];

    internal object To(Provider provider, Guid patient, Guid commandId) => new
    {
        commandId,
        patient,
        grantee = provider.Kind == ProviderKind.Practitioner ? (object)new { practitioner = provider.Id } : new { organization = provider.Id },
        type = Type,
        purposes = Purposes,
        actions = Actions,
        data = new { classes = Classes, records = Records, from = Window?.From, until = Window?.Until, resolutions = Resolutions },
        validFrom = ValidFrom,
        validUntil = ValidUntil,
        keepUntil = KeepUntil,
        frequency = AtMost is { } most ? new { frequency = most.Questions, period = most.Hours, periodUnit = PeriodUnit.Hour } : null,
        impactAcknowledged = Type == ProvisionType.Deny ? true : (bool?)null,
    };
}
