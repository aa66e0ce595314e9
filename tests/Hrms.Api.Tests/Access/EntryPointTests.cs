using Hrms.Api.Ingestion;
using Hrms.Api.Tests.EndToEnd;
using Hrms.Contracts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using System.Reflection;

namespace Hrms.Api.Tests.Access;

/// <summary>Whoever comes in anywhere has to say who they are, or comes in at a door that is open to all for a reason that stands here.</summary>
public sealed class EntryPointTests(HrmsFixture hrms)
{
    private static readonly Dictionary<string, string> OpenToAll = new()
    {
        ["/graphql"] = "A WebSocket brings its token inside, and a browser loads the page before it has one; every field of ours asks who is there.",
        ["/graphql/ui/{file}"] = "The page's own files.",
        ["/health/live"] = "Says that the process answers.",
        ["/health/ready"] = "Says that a grain answers.",
        ["/.well-known/consent-keys.json"] = "Public keys, for whoever checks a paper.",
        ["/.well-known/smart-configuration"] = "Where apps find the OAuth server.",
        ["/fhir/.well-known/smart-configuration"] = "Where apps find the OAuth server.",
        ["/fhir/metadata"] = "What the FHIR edge does; nothing of anybody.",
        ["/fhir/Patient/{id:guid}/$everything"] = "Answers 401 in FHIR's words to who brings no token: the access matrix shows it.",
        ["/fhir/{**rest}"] = "Says that nothing is there.",
        ["/connect/authorize"] = "Leads to signing in who is not.",
        ["/connect/token"] = "Takes codes, refresh tokens and signed assertions; gives nothing without.",
        ["/connect/verify"] = "Where a person allows a device: leads to signing in who is not.",
        ["/session"] = "Says who is there, to our own web app by its cookie; 401 to everybody else.",
        ["/session/sign-in"] = "Leads to the page where people sign in.",
        ["/session/sign-out"] = "Ends the session of who asks from our own web app; 403 to everybody else.",
        ["/ingest/v1/device-keys"] = "Takes a device's key with the code that its patient was shown, once; 401 without.",
        ["/account/style.css"] = "The pages' own file.",
        ["/account/passkey.js"] = "The pages' own file.",
    };

    /// <summary>Pages of people: where somebody signs in, signs up or comes back; the others lead there who has no session. Each form carries its page's own secret.</summary>
    private const string Pages = "/account";

    [Fact, Trait("Feature", "65")]
    public async Task EveryEndpoint_AsksForAToken_OrIsOpenToAllWithItsReason()
    {
        var endpoints = (await hrms.HostAsync()).Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        var open = endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null || endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Count == 0)
            .Select(endpoint => $"/{endpoint.RoutePattern.RawText!.Trim('/')}").Distinct().ToList();

        Assert.True(endpoints.Count > open.Count + 10, "Hardly an endpoint asks for a token: are the right ones looked at?");
        Assert.DoesNotContain(open, path => !OpenToAll.ContainsKey(path) && !path.StartsWith(Pages, StringComparison.Ordinal));
        Assert.Empty(OpenToAll.Keys.Except(open));
        Assert.DoesNotContain(SamplesEndpoint.Path, open);
    }

    /// <summary>What stands here is told by grains to each other, and answers nobody of the outside.</summary>
    private static readonly Dictionary<string, string> WithoutAsker = new()
    {
        ["ReceiveRequestAsync"] = "The asker's grain brings a request.", ["RequestOfAsync"] = "The asker's grain asks what became of its request.",
        ["WithdrawRequestAsync"] = "The asker's grain takes its request back.", ["ActsForAsync"] = "A ward's grain tells its delegate's.",
        ["GuardsAsync"] = "An account's grain tells its guardian's; a hint, on which nothing rests.",
        ["UnsubscribeAsync"] = "Ends what was begun with an asker.",
        ["FinishErasureAsync"] = "The silo's sweep goes on with what was begun with an asker.", ["ForgetPersonAsync"] = "The grain of who is being erased tells those it knew.",
        ["EnrolDeviceAsync"] = "The device brings the code that its patient was shown, and a signature by its key.", ["DeviceKeyAsync"] = "The device's grain asks for the key that it signs with.",
        ["TokenEpochAsync"] = "Whoever issues tokens, and grains to which the patient comes, ask which are still good; a number.",
    };

    [Fact, Trait("Feature", "65")]
    public void EveryQuestionAndCommandToAPatient_SaysWhoAsks()
    {
        var without = typeof(IPatientGrain).GetMethods().Where(method => !method.GetParameters().Any(SaysWho)).Select(method => method.Name).Distinct().ToList();
        Assert.Empty(without.Except(WithoutAsker.Keys));
        Assert.Empty(WithoutAsker.Keys.Except(without));
    }

    private static bool SaysWho(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(Asker) || parameter.ParameterType.GetProperties().Any(property => property.PropertyType == typeof(Asker));
}
