using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using TsVlm.Contracts;
using TsVlm.Serving.Requests;

namespace TsVlm.Serving.Hosting;

/// <summary>Errors as the protocol has them: <c>{"error": "…"}</c> with an HTTP status.</summary>
internal static partial class ErrorResponses
{
    /// <summary>Answers what an endpoint refuses, and what no endpoint takes.</summary>
    public static void Use(WebApplication app)
    {
        app.UseStatusCodePages(async pages =>
        {
            var (status, request) = (pages.HttpContext.Response.StatusCode, pages.HttpContext.Request);
            await Write(pages.HttpContext, status, $"{ReasonPhrases.GetReasonPhrase(status)}: {request.Method} {request.Path}");
        });
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
            {
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;   // nobody reads it
            }
            catch (RequestException error)
            {
                if (error.RetryAfter is { } later)
                    context.Response.Headers.RetryAfter = Math.Ceiling(later.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                await Write(context, error.Status, error.Message);
            }
            catch (BadHttpRequestException error)
            {
                await Write(context, error.StatusCode, $"body: {error.Message}");
            }
            catch (Exception error) when (!context.Response.HasStarted)
            {
                LogFailed(app.Logger, error, context.Request.Method, context.Request.Path);
                await Write(context, StatusCodes.Status500InternalServerError,
                    error is IUserFacingError ? error.Message : "The server failed; its log says why.");
            }
        });
    }

    private static async Task Write(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(new { error = message }, CancellationToken.None);
    }

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed.")]
    private static partial void LogFailed(ILogger log, Exception error, string method, string path);
}
