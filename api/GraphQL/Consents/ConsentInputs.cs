using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Consents;

/// <summary>Everybody with a role within an organisation.</summary>
public sealed record RoleInput([property: Id] Guid Organization, string Role);

/// <summary>To whom: exactly one of them.</summary>
/// <param name="App">The OAuth client id of an app: whoever comes through it.</param>
/// <param name="Delegate">A person while acting for the patient, by their own patient id.</param>
/// <param name="Anyone">Only for rules that deny, or that open a named part to everyone.</param>
public sealed record GranteeInput(
    [property: Id] Guid? Practitioner, [property: Id] Guid? Organization, [property: Id] Guid? CareTeam, RoleInput? Role, string? App,
    [property: Id] Guid? Delegate, bool? Anyone)
{
    /// <summary>A grantee that names none or several becomes one that the consent rules refuse, with its place.</summary>
    internal Actor ToActor()
    {
        List<Actor> named = [];
        if (Practitioner is { } practitioner)
            named.Add(Actor.Practitioner(new ProviderId(practitioner)));
        if (Organization is { } organization)
            named.Add(Actor.Organization(new ProviderId(organization)));
        if (CareTeam is { } careTeam)
            named.Add(Actor.CareTeam(new ProviderId(careTeam)));
        if (Role is { } role)
            named.Add(Actor.RoleWithin(new ProviderId(role.Organization), role.Role));
        if (App is { } app)
            named.Add(Actor.App(app));
        if (Delegate is { } person)
            named.Add(Actor.Delegate(new PatientId(person)));
        if (Anyone == true)
            named.Add(Actor.Anyone);
        return named is [var one] ? one : new Actor(default, Guid.Empty);
    }
}

/// <summary>How often a consent may be used: so many permitted questions in any span of that many units.</summary>
public sealed record FrequencyInput(int Frequency, int Period, PeriodUnit PeriodUnit);

/// <summary>Which data. Nothing given: all. Records add to what the other fields choose; the others narrow each other.</summary>
public sealed record DataInput(
    IReadOnlyList<DataClass>? Classes, [property: Id] IReadOnlyList<Guid>? Records, [property: Id] IReadOnlyList<Guid>? Authors,
    [property: Id] IReadOnlyList<Guid>? Encounters, IReadOnlyList<string>? Labels, DateTimeOffset? From, DateTimeOffset? Until,
    IReadOnlyList<Confidentiality>? Confidentialities, IReadOnlyList<SampleResolution>? Resolutions)
{
    internal DataFilter ToFilter() => new(
        Classes ?? [], [.. (Records ?? []).Select(id => new RecordId(id))], [.. (Authors ?? []).Select(id => new ProviderId(id))],
        [.. (Encounters ?? []).Select(id => new RecordId(id))], Labels ?? [], From is null && Until is null ? null : new Period(From, Until),
        Confidentialities is { Count: > 0 } ? Confidentialities : null, Resolutions is { Count: > 0 } ? Resolutions : null);
}

/// <summary>An exception from the rule: it holds only inside it.</summary>
public sealed record ExceptionInput(
    ProvisionType Type, GranteeInput? Grantee, IReadOnlyList<PurposeOfUse>? Purposes, IReadOnlyList<AccessAction>? Actions, DataInput? Data)
{
    internal Provision ToProvision(Actor grantee) =>
        new(Type, Grantee?.ToActor() ?? grantee, Purposes ?? [], Actions ?? [], Data?.ToFilter() ?? DataFilter.All);
}

/// <summary>What a consent says.</summary>
public class ConsentTermsInput
{
    public required GranteeInput Grantee { get; init; }

    [Description("PERMIT unless DENY is named.")]
    public ProvisionType? Type { get; init; }

    [Description("For which purposes; nothing given: any.")]
    public IReadOnlyList<PurposeOfUse>? Purposes { get; init; }

    [Description("What may be done; nothing given: anything.")]
    public IReadOnlyList<AccessAction>? Actions { get; init; }

    public DataInput? Data { get; init; }

    public IReadOnlyList<ExceptionInput>? Exceptions { get; init; }

    [Description("From when on; nothing given: at once.")]
    public DateTimeOffset? ValidFrom { get; init; }

    [Description("When it ends by itself.")]
    public DateTimeOffset? ValidUntil { get; init; }

    [Description("Until when who receives data under it may keep them.")]
    public DateTimeOffset? KeepUntil { get; init; }

    [Description("How often it may be used; nothing given: without limit.")]
    public FrequencyInput? Frequency { get; init; }

    internal ConsentTerms ToTerms()
    {
        var grantee = Grantee.ToActor();
        return new ConsentTerms(
            new Provision(Type ?? ProvisionType.Permit, grantee, Purposes ?? [], Actions ?? [], Data?.ToFilter() ?? DataFilter.All),
            [.. (Exceptions ?? []).Select(exception => exception.ToProvision(grantee))], new Period(ValidFrom, ValidUntil), KeepUntil,
            Frequency is null ? null : new AccessFrequency(Frequency.Frequency, Frequency.Period, Frequency.PeriodUnit));
    }
}

public sealed class GrantConsentInput : ConsentTermsInput
{
    [Id]
    public required Guid CommandId { get; init; }

    [Id]
    public required Guid Patient { get; init; }

    [Description("A consent that denies, in its rule or an exception, may harm care: true when the patient was warned and wants it.")]
    public bool? ImpactAcknowledged { get; init; }
}

/// <summary>The whole of what the consent shall say from now on.</summary>
public sealed class AmendConsentInput : ConsentTermsInput
{
    [Id]
    public required Guid CommandId { get; init; }

    [Id]
    public required Guid Patient { get; init; }

    [Id]
    public required Guid Consent { get; init; }

    [Description("The version that the patient saw; another one is refused.")]
    public required int ExpectedVersion { get; init; }

    [Description("A consent that denies, in its rule or an exception, may harm care: true when the patient was warned and wants it.")]
    public bool? ImpactAcknowledged { get; init; }
}

public sealed record RevokeConsentInput([property: Id] Guid CommandId, [property: Id] Guid Patient, [property: Id] Guid Consent);

public sealed record BlockRecordInput(
    [property: Id] Guid CommandId, [property: Id] Guid Patient, [property: Id] Guid Record, bool? ImpactAcknowledged);

public sealed record ConsentPayload(ConsentType? Consent, IReadOnlyList<Schema.UserError> Errors) : Schema.IPayload
{
    internal static ConsentPayload Of(Outcome<ConsentView> outcome) =>
        new(outcome.Succeeded ? new ConsentType(outcome.Value) : null, Schema.UserError.Of(outcome));
}
