namespace Hrms.Contracts;

/// <summary>One appointment of a delegate.</summary>
[GenerateSerializer, Immutable, Alias("DelegationId")]
public readonly record struct DelegationId([property: Id(0)] Guid Value)
{
    public static DelegationId From(CommandId command) => new(NameBasedId.Create("delegation", command.ToString()));

    public override string ToString() => Value.ToString("D");
}

/// <summary>As what somebody acts for the patient. HL7 v3 RoleCode: GUARD, HPOWATT.</summary>
[GenerateSerializer]
public enum DelegateRole
{
    /// <summary>A child's parent or guardian, until the child comes of age.</summary>
    Guardian = 1,
    /// <summary>An adult whom the patient has chosen, or who holds a power of attorney.</summary>
    Representative = 2,
}

/// <summary>How much a delegate may.</summary>
[GenerateSerializer]
public enum DelegateLevel
{
    /// <summary>See what is not restricted (nothing with confidentiality R or V, nothing with a sensitivity label).</summary>
    RestrictedView = 1,
    /// <summary>See the record.</summary>
    View = 2,
    /// <summary>See and do what the patient may, except appointing delegates.</summary>
    Full = 3,
}
