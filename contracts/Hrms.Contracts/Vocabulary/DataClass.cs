namespace Hrms.Contracts;

/// <summary>
/// The parts of a record that a patient shares or keeps apart. Coarse on purpose: a patient should be able to name each.
/// Every FHIR resource type has one (Hrms.Api, Fhir/DataClassifier).
/// </summary>
[GenerateSerializer]
public enum DataClass
{
    /// <summary>Who the patient is: Patient, RelatedPerson, Coverage.</summary>
    Demographics = 1,
    Allergies = 2,
    Conditions = 3,
    Medications = 4,
    Laboratory = 5,
    VitalSigns = 6,
    Immunizations = 7,
    Procedures = 8,
    Encounters = 9,
    Imaging = 10,
    CarePlans = 11,
    Documents = 12,
    /// <summary>Smoking, housing, occupation and other social history; surveys.</summary>
    SocialHistory = 13,
    FamilyHistory = 14,
    Genomics = 15,
    /// <summary>Claims, explanations of benefit, accounts.</summary>
    Financial = 16,
    Devices = 17,
    /// <summary>Samples that wearables send.</summary>
    Wearables = 18,
    Appointments = 19,
    /// <summary>Consents and other legal papers that are themselves in the record.</summary>
    Legal = 20,
    Other = 99,
}
