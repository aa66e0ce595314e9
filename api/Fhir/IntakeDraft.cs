using Hrms.Contracts;

namespace Hrms.Api.Fhir;

/// <summary>
/// What one call brings into a patient's record: all of it or nothing. Made by <see cref="FhirReader"/>; the edges hand
/// <see cref="Records"/> to the patient's grain and <see cref="Providers"/> to the provider grains.
/// <para>
/// Ids and references: a resource becomes the record <c>RecordId.From(command, entry number)</c>. A Practitioner or Organization
/// becomes a provider entry, known by its business identifier, and a record with the provider's id; thus
/// <c>Practitioner/&lt;id&gt;</c> names both. It is the same for every Bundle that brings this provider, so the patient's grain may
/// meet such a record id a second time, only ever of the types Practitioner and Organization. When one Bundle
/// brings the same provider twice, the second resource is a record with an id of its own.
/// </para>
/// </summary>
/// <param name="Records">One per resource, in the order of the Bundle.</param>
/// <param name="Providers">Each provider once: those of the Bundle first, then those that only a conditional reference names.</param>
public sealed record IntakeDraft(IReadOnlyList<RecordDraft> Records, IReadOnlyList<ProviderDraft> Providers);
