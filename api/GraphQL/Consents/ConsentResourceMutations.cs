using System.Runtime.InteropServices;
using System.Text.Json;
using GraphQL;
using Hrms.Api.Fhir.Consents;
using Hrms.Api.GraphQL.Http;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Consents;

public sealed class ConsentResourceMutations
{
    [Description("The patient gives a consent as a FHIR R4 Consent in the manner of IHE PCF. What can't be held is refused with its place, never dropped.")]
    public static async Task<ConsentPayload> GrantConsentResource(GrantConsentResourceInput input, IResolveFieldContext context)
    {
        var asker = context.Asker();
        var read = ConsentReader.Read(JsonMarshal.GetRawUtf8Value(input.Consent).ToArray(), new PatientId(input.Patient));
        return ConsentPayload.Of(read.Succeeded
            ? await context.Patient(input.Patient).GrantAsync(new GrantConsent(
                new CommandId(input.CommandId), asker, read.Value.Terms, input.ImpactAcknowledged ?? false, Paper: read.Value.Paper))
            : read.Refusal);
    }
}

/// <param name="ImpactAcknowledged">A consent that denies, in its rule or an exception, or that permits some data with exceptions and forbids the rest, may harm care: true when the patient was warned and wants it.</param>
public sealed record GrantConsentResourceInput(
    [property: Id] Guid CommandId, [property: Id] Guid Patient, [property: InputType(typeof(FhirJsonGraphType))] JsonElement Consent, bool? ImpactAcknowledged);
