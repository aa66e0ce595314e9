using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Hrms.Api.Identity.OAuth;

/// <summary>An app's metadata by the names of RFC 7591, section 2, and OpenID Connect Registration, section 2.</summary>
internal sealed record ClientMetadata
{
    [JsonPropertyName("client_id"), JsonRequired]
    public required string ClientId { get; init; }

    [JsonPropertyName("client_name"), JsonRequired]
    public required string Name { get; init; }

    /// <summary><c>web</c>, or <c>native</c>: an app on the person's own machine, for which every port of 127.0.0.1 is the same (RFC 8252, section 7.3).</summary>
    [JsonPropertyName("application_type")]
    public string ApplicationType { get; init; } = ApplicationTypes.Web;

    [JsonPropertyName("redirect_uris")]
    public IReadOnlyList<Uri> RedirectUris { get; init; } = [];

    [JsonPropertyName("grant_types")]
    public IReadOnlyList<string> GrantTypes { get; init; } = [OpenIddictConstants.GrantTypes.AuthorizationCode];

    /// <summary><c>none</c> (an app that can keep no secret) or <c>private_key_jwt</c>. There are no shared secrets.</summary>
    [JsonPropertyName("token_endpoint_auth_method")]
    public string AuthenticationMethod { get; init; } = ClientAuthenticationMethods.None;

    /// <summary>The public keys of a client with <c>private_key_jwt</c>. Keys are never fetched from an address.</summary>
    [JsonPropertyName("jwks")]
    public JsonElement? Keys { get; init; }

    /// <summary>What the app may ask for, separated by blanks. A resource scope stands for every one that is a part of it.</summary>
    [JsonPropertyName("scope")]
    public string Scope { get; init; } = "";

    /// <summary>Ours: the organisation as which a client with <c>client_credentials</c> acts.</summary>
    [JsonPropertyName("hrms_organization")]
    public Guid? Organization { get; init; }

    public OpenIddictApplicationDescriptor ToDescriptor()
    {
        var descriptor = new OpenIddictApplicationDescriptor
        {
            ClientId = ClientId, DisplayName = Name, ApplicationType = ApplicationType, ConsentType = ConsentTypes.Explicit,
            ClientType = AuthenticationMethod == ClientAuthenticationMethods.None ? ClientTypes.Public : ClientTypes.Confidential,
            JsonWebKeySet = Keys is { } keys ? JsonWebKeySet.Create(keys.GetRawText()) : null,
        };
        descriptor.RedirectUris.UnionWith(RedirectUris);
        descriptor.Permissions.UnionWith(GrantTypes.Select(grant => Permissions.Prefixes.GrantType + grant));
        descriptor.Permissions.UnionWith(Scope.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(scope => Permissions.Prefixes.Scope + scope));
        descriptor.Permissions.UnionWith([Permissions.Endpoints.Token, Permissions.Endpoints.Revocation]);
        if (GrantTypes.Contains(OpenIddictConstants.GrantTypes.AuthorizationCode))
            descriptor.Permissions.UnionWith([Permissions.Endpoints.Authorization, Permissions.ResponseTypes.Code]);
        if (GrantTypes.Contains(OpenIddictConstants.GrantTypes.DeviceCode))
            descriptor.Permissions.Add(Permissions.Endpoints.DeviceAuthorization);
        if (descriptor.ClientType == ClientTypes.Confidential)
            descriptor.Permissions.Add(Permissions.Endpoints.Introspection);
        if (Organization is { } organization)
            descriptor.Properties[ConnectedApps.OrganizationProperty] = JsonSerializer.SerializeToElement(organization);
        return descriptor;
    }
}

/// <summary>The file of the apps. A wrong entry stops the start, with its place and what to do.</summary>
internal static class ClientsFile
{
    private static readonly string[] Grants = [GrantTypes.AuthorizationCode, GrantTypes.RefreshToken, GrantTypes.ClientCredentials, GrantTypes.DeviceCode];
    private static readonly JsonSerializerOptions Json = new() { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true };

    /// <exception cref="ClientsFileException">The file is no JSON array of client metadata, or a client says what can't be.</exception>
    public static IReadOnlyList<ClientMetadata> Read(string path)
    {
        if (!File.Exists(path))
            return [];
        if (!Utf8.IsValid(File.ReadAllBytes(path)))
            throw new ClientsFileException($"{path} is not UTF-8.");
        try
        {
            var clients = JsonSerializer.Deserialize<List<ClientMetadata>>(File.ReadAllBytes(path), Json) ?? [];
            for (var i = 0; i < clients.Count; i++)
                if (WrongWith(clients[i]) is { } wrong)
                    throw new ClientsFileException($"{path}, [{i}] ({clients[i].ClientId}): {wrong}");
            return clients.Select(client => client.ClientId).Distinct().Count() == clients.Count ? clients
                : throw new ClientsFileException($"{path}: two clients have the same client_id.");
        }
        catch (JsonException broken)
        {
            throw new ClientsFileException($"{path} is not a JSON array of client metadata (RFC 7591): {broken.Message}", broken);
        }
    }

    private static string? WrongWith(ClientMetadata client)
    {
        var isCode = client.GrantTypes.Contains(GrantTypes.AuthorizationCode);
        var isOwn = client.GrantTypes.Contains(GrantTypes.ClientCredentials);
        var isKeyed = client.AuthenticationMethod == ClientAuthenticationMethods.PrivateKeyJwt;
        if (string.IsNullOrWhiteSpace(client.ClientId) || string.IsNullOrWhiteSpace(client.Name))
            return "client_id and client_name are texts.";
        if (client.ApplicationType is not (ApplicationTypes.Web or ApplicationTypes.Native))
            return "application_type is web or native.";
        if (client.GrantTypes.Count == 0 || client.GrantTypes.Except(Grants).Any())
            return $"grant_types are among {string.Join(", ", Grants)}.";
        if (!isKeyed && client.AuthenticationMethod != ClientAuthenticationMethods.None)
            return "token_endpoint_auth_method is none or private_key_jwt.";
        if (isKeyed != client.Keys is not null)
            return "jwks goes with private_key_jwt, and private_key_jwt with jwks.";
        if (client.Keys is { } keys && !IsKeySet(keys))
            return "jwks is a set of public keys (RFC 7517): an object with the list keys.";
        if (isOwn && (!isKeyed || client.Organization is null))
            return "client_credentials needs private_key_jwt and hrms_organization.";
        if (isCode != client.RedirectUris.Count > 0)
            return "redirect_uris go with authorization_code, and authorization_code with redirect_uris.";
        if (client.RedirectUris.FirstOrDefault(uri => !IsGood(uri, client.ApplicationType)) is { } bad)
            return $"redirect_uris: '{bad}' is neither https without a fragment nor, for a native app, http on 127.0.0.1 or a scheme with a dot in its name.";
        if (client.Scope.Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(scope => !HrmsScopes.IsKnown(scope)) is { } unknown)
            return $"scope: '{unknown}' is neither among {string.Join(", ", HrmsScopes.Supported)} nor a resource scope such as patient/Observation.rs?category=laboratory.";
        return null;
    }

    private static bool IsKeySet(JsonElement keys)
    {
        try
        {
            return keys.ValueKind == JsonValueKind.Object && JsonWebKeySet.Create(keys.GetRawText()).Keys.Count > 0;
        }
        catch (Exception broken) when (broken is ArgumentException or JsonException)
        {
            return false;
        }
    }

    private static bool IsGood(Uri uri, string type) => uri.IsAbsoluteUri && uri.Fragment.Length == 0
        && (uri.Scheme == Uri.UriSchemeHttps || (type == ApplicationTypes.Native && (uri is { Scheme: "http", Host: "127.0.0.1" or "[::1]" } || uri.Scheme.Contains('.'))));
}

/// <summary>The file of the apps can't be used. The message says where and what to do.</summary>
public sealed class ClientsFileException(string message, Exception? inner = null) : Exception(message, inner);
