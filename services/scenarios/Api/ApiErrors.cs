using System.Data.Common;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.EntityFrameworkCore;
using TsVlm.Artifacts;
using TsVlm.Data;
using TsVlm.Experiments.Grid;
using TsVlm.Representations;

namespace TsVlm.Scenarios.Api;

/// <summary>
/// Answers every error as problem details (RFC 9457), those made for people with the sentence that the command line would print.
/// </summary>
internal sealed class ApiErrors : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var (status, title, detail) = Describe(exception);
        if (status is StatusCodes.Status503ServiceUnavailable) httpContext.Response.Headers.RetryAfter = "5";
        await Results.Problem(detail, statusCode: status, title: title).ExecuteAsync(httpContext);
        return true;
    }

    private static (int Status, string Title, string Detail) Describe(Exception error) => error switch
    {
        ApiProblem problem => (problem.Status, problem.Title, problem.Message),
        JsonException or GridException or DataException or RepresentationException or DirectoryNotFoundException =>
            (StatusCodes.Status400BadRequest, "The request cannot be done as asked for.", error.Message),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
            (StatusCodes.Status413PayloadTooLarge, "The body is too large.",
            $"{error.Message} The settings Api__MaxRequestKB and Api__MaxDatasetMB bound it."),
        BadHttpRequestException bad => (bad.StatusCode, "The request cannot be read.", bad.Message),
        ArtifactException => (StatusCodes.Status404NotFound, "There is no such artifact.", error.Message),
        ArtifactStoreException => (StatusCodes.Status503ServiceUnavailable, "The artifact store does not answer.", error.Message),
        DbException or DbUpdateException or TimeoutException =>
            (StatusCodes.Status503ServiceUnavailable, "The run state does not answer.",
            "The database cannot be used now. Try again; the log of the service tells more."),
        _ => (StatusCodes.Status500InternalServerError, "Unexpected error.",
            $"Unexpected {error.GetType().Name}. The log of the service tells more."),
    };
}
