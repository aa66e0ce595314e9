using System.Net;
using System.Text.Json;
using Hrms.Api.Errors;
using Hrms.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Hrms.Api.Tests.Errors;

/// <summary>Whoever asks while a record's place is gone hears that it is, and when to come again, at every edge.</summary>
public sealed class UnavailableAnswerTests
{
    [Theory]
    [Trait("Fault", "F33")]
    [InlineData("/fhir/Patient/1", "application/fhir+json")]
    [InlineData("/ingest/samples", null)]
    [InlineData("/account", null)]
    public async Task WhatDoesNotAnswer_IsUnavailable_AndNoFault(string path, string? type)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.UseUnavailableAnswers();
        app.Run(_ => throw new UnavailableException("The record does not answer now.", new TimeoutException()));
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), (answer.StatusCode, answer.Headers.RetryAfter?.Delta?.TotalSeconds));
        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("The record does not answer now.", type is null ? body : JsonDocument.Parse(body).RootElement.GetProperty("issue")[0].GetProperty("details").GetProperty("text").GetString());
    }
}
