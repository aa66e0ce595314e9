namespace Hrms.Contracts;

/// <summary>Why somebody asks: HL7 v3 code system PurposeOfUse (http://terminology.hl7.org/CodeSystem/v3-ActReason), by its codes.</summary>
[GenerateSerializer]
public enum PurposeOfUse
{
    /// <summary>Treatment.</summary>
    TREAT = 1,
    /// <summary>Emergency treatment.</summary>
    ETREAT = 2,
    /// <summary>Break the glass: emergency access that overrides the patient's consent.</summary>
    BTG = 3,
    /// <summary>Coordination of care.</summary>
    COC = 4,
    /// <summary>Healthcare payment.</summary>
    HPAYMT = 5,
    /// <summary>Healthcare operations.</summary>
    HOPERAT = 6,
    /// <summary>Healthcare research.</summary>
    HRESCH = 7,
    /// <summary>Public health.</summary>
    PUBHLTH = 8,
    /// <summary>Healthcare marketing.</summary>
    HMARKT = 9,
    /// <summary>Legal.</summary>
    HLEGAL = 10,
    /// <summary>At the patient's own request.</summary>
    PATRQT = 11,
    /// <summary>Family or other person on the patient's behalf.</summary>
    FAMRQT = 12,
}
