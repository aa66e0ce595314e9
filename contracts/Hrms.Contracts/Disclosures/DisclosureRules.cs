namespace Hrms.Contracts;

/// <summary>What of the access history is an accounting of disclosures (45 CFR 164.528). Asked by the patient's grain, and by the edge that writes the history as FHIR AuditEvents.</summary>
public static class DisclosureRules
{
    /// <summary>The operation that reads samples of wearables: its line names no records.</summary>
    public const string SamplesOperation = "samples";

    /// <summary>
    /// HL7's purposes for treatment, payment and health care operations; an emergency, broken glass and coordination of care are treatment (v3-ActReason has them below it). What another system's
    /// code has to do with these nobody here knows: it is none of them.
    /// </summary>
    private static readonly PurposeOfUse[] TreatmentPaymentOperations =
        [PurposeOfUse.TREAT, PurposeOfUse.ETREAT, PurposeOfUse.BTG, PurposeOfUse.COC, PurposeOfUse.HPAYMT, PurposeOfUse.HOPERAT];

    /// <summary>Whether the law leaves it out of an accounting: for treatment, payment or operations (a)(1)(i), or to who acts for the patient (a)(1)(ii).</summary>
    public static bool IsExempt(Asker asker) => asker.OnBehalfOf is not null || TreatmentPaymentOperations.Contains(asker.Purpose);

    /// <summary>Whether data left, and not to the patient, by whatever app.</summary>
    public static bool IsDisclosure(AccessLine line, PatientId patient) =>
        line is { IsWithheld: false, Decision.Permitted: true } && (line.Records.Count > 0 || line.Operation == SamplesOperation)
        && !(line.Asker.Actor == Actor.Patient(patient) && line.Asker.OnBehalfOf is null);
}
