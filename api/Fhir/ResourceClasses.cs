using System.Collections.Frozen;
using Hrms.Contracts;

namespace Hrms.Api.Fhir;

/// <summary>The class of each R4 resource type. A test walks all types of the SDK, so that none is forgotten at an upgrade.</summary>
internal static class ResourceClasses
{
    private static readonly (DataClass Class, string Types)[] Rows =
    [
        (DataClass.Demographics, "Patient Person RelatedPerson Coverage"),
        (DataClass.Allergies, "AllergyIntolerance AdverseEvent"),
        (DataClass.Conditions, "Condition BodyStructure ClinicalImpression DetectedIssue Flag RiskAssessment"),
        (DataClass.Medications, "Medication MedicationAdministration MedicationDispense MedicationKnowledge MedicationRequest MedicationStatement"),
        (DataClass.Laboratory, "Specimen"),
        (DataClass.Immunizations, "Immunization ImmunizationEvaluation ImmunizationRecommendation"),
        (DataClass.Procedures, "Procedure ServiceRequest BiologicallyDerivedProduct"),
        (DataClass.Encounters, "Encounter EpisodeOfCare"),
        (DataClass.Imaging, "ImagingStudy Media"),
        (DataClass.CarePlans, "CarePlan CareTeam Goal NutritionOrder RequestGroup GuidanceResponse"),
        (DataClass.Documents, "DocumentReference DocumentManifest Composition Binary Communication CommunicationRequest List"),
        (DataClass.SocialHistory, "QuestionnaireResponse"),
        (DataClass.FamilyHistory, "FamilyMemberHistory"),
        (DataClass.Genomics, "MolecularSequence"),
        (DataClass.Financial, "Account ChargeItem Claim ClaimResponse CoverageEligibilityRequest CoverageEligibilityResponse EnrollmentRequest "
            + "EnrollmentResponse ExplanationOfBenefit Invoice PaymentNotice PaymentReconciliation"),
        (DataClass.Devices, "Device DeviceMetric DeviceRequest DeviceUseStatement SupplyDelivery SupplyRequest VisionPrescription"),
        (DataClass.Appointments, "Appointment AppointmentResponse Schedule Slot"),
        (DataClass.Legal, "Consent Contract"),
        (DataClass.Other, "Observation DiagnosticReport "        // only by category and code: DataClassifier
            + "Basic Group Linkage Location Organization OrganizationAffiliation Practitioner PractitionerRole HealthcareService Endpoint "
            + "AuditEvent Provenance VerificationResult Task ResearchStudy ResearchSubject Measure MeasureReport Library Substance "
            + "Bundle Parameters OperationOutcome MessageHeader Subscription TestReport TestScript "
            + "ActivityDefinition CapabilityStatement CatalogEntry ChargeItemDefinition CodeSystem CompartmentDefinition ConceptMap "
            + "DeviceDefinition EffectEvidenceSynthesis EventDefinition Evidence EvidenceVariable ExampleScenario GraphDefinition "
            + "ImplementationGuide InsurancePlan MessageDefinition NamingSystem ObservationDefinition OperationDefinition PlanDefinition "
            + "Questionnaire ResearchDefinition ResearchElementDefinition RiskEvidenceSynthesis SearchParameter SpecimenDefinition "
            + "StructureDefinition StructureMap TerminologyCapabilities ValueSet "
            + "MedicinalProduct MedicinalProductAuthorization MedicinalProductContraindication MedicinalProductIndication "
            + "MedicinalProductIngredient MedicinalProductInteraction MedicinalProductManufactured MedicinalProductPackaged "
            + "MedicinalProductPharmaceutical MedicinalProductUndesirableEffect SubstanceNucleicAcid SubstancePolymer SubstanceProtein "
            + "SubstanceReferenceInformation SubstanceSourceMaterial SubstanceSpecification"),
    ];

    private static readonly FrozenDictionary<string, DataClass> Classes = Rows
        .SelectMany(row => row.Types.Split(' ').Select(type => KeyValuePair.Create(type, row.Class)))
        .ToFrozenDictionary(StringComparer.Ordinal);

    public static DataClass Of(string resourceType) => Classes.GetValueOrDefault(resourceType, DataClass.Other);

    /// <summary>Whether somebody decided on the type; for the test that walks them all.</summary>
    public static bool Knows(string resourceType) => Classes.ContainsKey(resourceType);
}
