using System.Data.Common;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using TsVlm.Artifacts;
using TsVlm.Data;
using TsVlm.Experiments.Grid;
using TsVlm.Messaging;
using TsVlm.Representations;

namespace TsVlm.Scenarios.Api;

/// <summary>
/// Answers every error as problem details (RFC 9457), those made for people with the sentence that the command line would print.
/// </summary>
internal sealed class ApiErrors : IExceptionHandler
{
    /// <summary>Seconds after which a server that does not answer may be asked for again.</summary>
    public const string RetryAfter = "5";

    private const int SqliteConstraint = 19;   // SQLITE_CONSTRAINT

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var (status, title, detail) = Describe(exception);
        if (status is StatusCodes.Status503ServiceUnavailable) httpContext.Response.Headers.RetryAfter = RetryAfter;
        await Results.Problem(detail, statusCode: status, title: title).ExecuteAsync(httpContext);
        return true;
    }

    /// <summary>How an error is answered.</summary>
    internal static (int Status, string Title, string Detail) Describe(Exception error) => error switch
    {
        ApiProblem problem => (problem.Status, problem.Title, problem.Message),
        JsonException json => (StatusCodes.Status400BadRequest, "The request cannot be read.",
            $"body({json.LineNumber + 1}): expected JSON as /openapi/v1.json describes it, found something else at {json.Path ?? "$"}."),
        GridException or DataException or RepresentationException or DirectoryNotFoundException =>
            (StatusCodes.Status400BadRequest, "The request cannot be done as asked for.", error.Message),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
            (StatusCodes.Status413PayloadTooLarge, "The body is too large.",
            $"{error.Message} The settings Api__MaxRequestKB and Api__MaxDatasetMB bound it."),
        BadHttpRequestException bad => (bad.StatusCode, "The request cannot be read.", bad.Message),
        ServerAwayException away => (StatusCodes.Status503ServiceUnavailable, away.Message,
            "It cannot be used now. Try again; the log of the service tells more."),
        ArtifactException => (StatusCodes.Status404NotFound, "There is no such artifact.", error.Message),
        _ when Failures.CauseOf<ArtifactStoreException>(error) is { } store =>
            (StatusCodes.Status503ServiceUnavailable, "The artifact store does not answer.", store.Message),
        // EF Core wraps what the database's driver throws.
        _ when error is DbUpdateConcurrencyException or TimeoutException
            || (Failures.CauseOf<DbException>(error) is { } database && !IsRefusal(database)) =>
            (StatusCodes.Status503ServiceUnavailable, "The run state does not answer.",
            "The database cannot be used now. Try again; the log of the service tells more."),
        _ when Failures.IsTransient(error) => (StatusCodes.Status503ServiceUnavailable, "A server behind this one does not answer.",
            "The broker or the store cannot be used now. Try again; the log of the service tells more."),
        _ => (StatusCodes.Status500InternalServerError, "Unexpected error.",
            $"Unexpected {error.GetType().Name}. The log of the service tells more."),
    };

    /// <summary>Whether the database works and refuses what it was given: SQLSTATE classes 22 (data) and 23 (constraint).</summary>
    private static bool IsRefusal(DbException error) =>
        error.SqlState?[..2] is "22" or "23" || error is SqliteException { SqliteErrorCode: SqliteConstraint };
}
