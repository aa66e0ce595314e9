namespace Hrms.Contracts;

/// <summary>Whether people and systems of an organisation may come.</summary>
[GenerateSerializer]
public enum AdmissionStatus
{
    /// <summary>It is known, perhaps from an import, and nobody of it comes in.</summary>
    None = 0,
    /// <summary>One operator proposed it.</summary>
    Proposed = 1,
    /// <summary>Another operator agreed.</summary>
    Admitted = 2,
    /// <summary>An operator ended it.</summary>
    Excluded = 3,
}

/// <summary>An operator proposes a registered organisation, with the person who is to run its accounts. Repeated with another address, the newest proposal stands.</summary>
/// <param name="Administrator">The person's address as <see cref="MailDigest"/> has it: the grain holds no address.</param>
[GenerateSerializer, Immutable, Alias("ProposeAdmission")]
public sealed record ProposeAdmission([property: Id(0)] Asker Asker, [property: Id(1)] Guid Administrator);

/// <summary>Another operator agrees, naming the same address, and the person there is invited.</summary>
/// <param name="Command">Names the invitation, too.</param>
[GenerateSerializer, Immutable, Alias("AdmitOrganization")]
public sealed record AdmitOrganization([property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] Guid Administrator);

/// <summary>One operator is enough to end it: its members leave, and no token of the organisation is good any more.</summary>
[GenerateSerializer, Immutable, Alias("ExcludeOrganization")]
public sealed record ExcludeOrganization([property: Id(0)] Asker Asker, [property: Id(1)] string Reason);

/// <summary>An address as two operators compare it, without any stream holding it: name-based, bound to the organisation.</summary>
public static class MailDigest
{
    public static Guid Of(ProviderId organization, string address) => NameBasedId.Create("administrator", $"{organization}/{address.Trim().ToLowerInvariant()}");
}
