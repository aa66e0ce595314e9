using System.Text.Json.Serialization;

namespace Hrms.Contracts;

/// <summary>What kind of party acts or is granted something. The order is from general to specific; <see cref="Anyone"/> only in consents.</summary>
[GenerateSerializer]
public enum ActorKind
{
    Anyone = 1,
    Organization = 2,
    CareTeam = 3,
    /// <summary>Everybody with a role within an organisation.</summary>
    Role = 4,
    Practitioner = 5,
    Patient = 6,
    App = 7,
    Device = 8,
    Operator = 9,
    /// <summary>A person while acting for the patient as an appointed delegate; only in consents and decisions.</summary>
    Delegate = 10,
    /// <summary>A person who runs an organisation's accounts: invites practitioners, changes members. Sees nothing of any record.</summary>
    Administrator = 11,
    /// <summary>A person who reads how system and ledger fare. Changes nothing, and sees nothing of any record.</summary>
    Auditor = 12,
}

/// <summary>A party: who acts, or to whom a consent is given.</summary>
/// <param name="Id">The party's id; empty for <see cref="ActorKind.Anyone"/> and for an app. For a role: the organisation's.</param>
/// <param name="Role">Only for <see cref="ActorKind.Role"/>: the role's code.</param>
/// <param name="ClientId">Only for <see cref="ActorKind.App"/>: its OAuth client id. In a consent: whoever comes through this app.</param>
[GenerateSerializer, Immutable, Alias("Actor")]
public sealed record Actor(
    [property: Id(0)] ActorKind Kind, [property: Id(1)] Guid Id, [property: Id(2)] string? Role = null,
    [property: Id(3)] string? ClientId = null)
{
    public static readonly Actor Anyone = new(ActorKind.Anyone, Guid.Empty);

    public static Actor Patient(PatientId id) => new(ActorKind.Patient, id.Value);

    public static Actor Practitioner(ProviderId id) => new(ActorKind.Practitioner, id.Value);

    public static Actor Organization(ProviderId id) => new(ActorKind.Organization, id.Value);

    public static Actor CareTeam(ProviderId id) => new(ActorKind.CareTeam, id.Value);

    public static Actor RoleWithin(ProviderId organization, string role) => new(ActorKind.Role, organization.Value, role);

    public static Actor App(string clientId) => new(ActorKind.App, Guid.Empty, null, clientId);

    public static Actor Delegate(PatientId person) => new(ActorKind.Delegate, person.Value);

    public static Actor Device(DeviceId id) => new(ActorKind.Device, id.Value);

    public override string ToString() => Kind switch
    {
        ActorKind.Anyone => "Anyone",
        ActorKind.App => $"App/{ClientId}",
        ActorKind.Role => $"Role/{Id:D}/{Role}",
        _ => $"{Kind}/{Id:D}",
    };
}

/// <summary>Who asks, for whom, why and with which app: what an edge knows from the token and the request, and every decision needs.</summary>
/// <param name="OnBehalfOf">The principal when a delegate acts; otherwise null.</param>
/// <param name="ClientId">The OAuth client that carried the request, when known.</param>
/// <param name="CorrelationId">The request's id, its sender's own (<c>X-Request-Id</c>) or else ours, kept in the access history so that two logs can be laid side by side.</param>
/// <param name="Scope">How far the token lets the app reach; null: as far as the party itself.</param>
/// <param name="TokenName">
/// Which token brought the question, so that two logs can be laid side by side (IHE BALP): <c>jti:</c> and its <c>jti</c>, or <c>end:</c> and the last 32 characters of one that has none.
/// Null: no token brought it. Nobody gets in by it.
/// </param>
[GenerateSerializer, Immutable, Alias("Asker")]
public sealed record Asker(
    [property: Id(0)] Actor Actor,
    [property: Id(1)] PurposeOfUse Purpose,
    [property: Id(2)] Actor? OnBehalfOf = null,
    [property: Id(3)] string? ClientId = null,
    [property: Id(4)] string? CorrelationId = null,
    [property: Id(5)] AppScope? Scope = null,
    [property: Id(7)] string? TokenName = null)
{
    /// <summary>Null: the asker did not come by a token.</summary>
    [Id(6), JsonIgnore]
    public TokenFacts? Token { get; init; }
}
