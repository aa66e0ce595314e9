using Hrms.Api.Fhir.Everything;
using Hrms.Api.Identity;

namespace Hrms.Api.Fhir.Endpoints;

/// <summary>The FHIR R4 edge, below <c>/fhir</c>: what it does is in its CapabilityStatement, and everything else is answered with an OperationOutcome.</summary>
public static class FhirEndpoints
{
    public const string Base = "/fhir";

    public static IServiceCollection AddHrmsFhir(this IServiceCollection services) => services.AddSingleton<ExportGate>();

    public static void MapHrmsFhir(this IEndpointRouteBuilder endpoints)
    {
        var fhir = endpoints.MapGroup(Base).AllowAnonymous();
        fhir.MapGet("/metadata", CapabilityEndpoint.HandleAsync);
        fhir.MapGet("/Patient/{id:guid}/$everything", EverythingEndpoint.HandleAsync);
        fhir.Map("/{**rest}", (HttpContext http) => FhirAnswer.RefuseAsync(
            http, StatusCodes.Status404NotFound, "not-supported", $"This server has nothing there. {Base}/metadata says what it does."));
    }

    /// <summary>Where this edge is for who asks: the installation's public address, or else the one that the request names.</summary>
    public static Uri AddressFor(HttpContext http) => http.RequestServices.GetService<HrmsIdentityOptions>()?.PublicUrl is { } known
        ? new Uri(known, Base)
        : new Uri($"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}{Base}");
}
