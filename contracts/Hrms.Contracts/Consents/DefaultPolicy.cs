namespace Hrms.Contracts;

/// <summary>
/// What holds when no consent says anything: one of four, chosen by the patient. Without a choice: deny. Only practitioners and organisations are ever
/// permitted by default, never apps, devices or other patients. IHE PCF, volume 1, section 53 (overarching policies).
/// </summary>
[GenerateSerializer]
public enum DefaultPolicy
{
    /// <summary>Nothing without a consent (opt in). An emergency needs breaking the glass.</summary>
    Deny = 0,
    /// <summary>Everything for any purpose, unless a consent denies it (opt out).</summary>
    Permit = 1,
    /// <summary>Everything for treatment: the purposes TREAT, ETREAT and COC.</summary>
    PermitTreatment = 2,
    /// <summary>Everything for emergency treatment (ETREAT), without breaking the glass.</summary>
    PermitEmergency = 3,
}
