using System.Text.Json;
using Hrms.Contracts;

namespace Hrms.Api.Fhir;

/// <summary>A resource of the intake once its record id is known.</summary>
internal sealed record IntakeItem(RecordId Id, string ResourceType, string? FullUrl, JsonElement Resource, ProviderDraft? Provider);
