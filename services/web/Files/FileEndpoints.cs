using System.Net;
using TsVlm.Client;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Pages.Comparison;
using TsVlm.Web.Access;
using TsVlm.Web.Comparisons;

namespace TsVlm.Web.Files;

/// <summary>
/// Files of experiments and runs, passed on from the server with the user's key. None gets the rights of these pages: the report runs in a
/// sandbox, everything else is saved.
/// </summary>
internal static class FileEndpoints
{
    /// <summary>Where a file of a run is.</summary>
    public static string OfRun(string run, string kind, string file) =>
        $"files/runs/{Uri.EscapeDataString(run)}/{kind}/{string.Join('/', file.Split('/').Select(Uri.EscapeDataString))}";

    /// <summary>Where a file of an experiment's report is.</summary>
    public static string OfExperiment(string id, string file) => $"files/experiments/{Uri.EscapeDataString(id)}/{file}";

    public static IEndpointConventionBuilder MapFiles(this WebApplication app)
    {
        var files = app.MapGroup("/files");
        files.MapGet("/experiments/{id}/" + ArtifactFiles.ReportPage, (string id, HttpContext context, WebSettings settings, TimeProvider clock) =>
            Send(context, settings, clock, client => client.OpenReport(id, context.RequestAborted), name: null));
        files.MapGet("/experiments/{id}/" + ArtifactFiles.Results, (string id, HttpContext context, WebSettings settings, TimeProvider clock) =>
            Send(context, settings, clock, client => client.OpenResultsCsv(id, context.RequestAborted), $"{id}.results.csv"));
        files.MapGet("/compare/{file}", (string file, string? experiments, string? reference, HttpContext context, WebSettings settings, TimeProvider clock) =>
        {
            string[] ids = experiments?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];
            return Send(context, settings, clock, async client => await ComparisonFiles.Open(client, file, ids, reference,
                    ComparisonFiles.Heading(ids, PageOf(context.Request), clock), context.RequestAborted)
                ?? throw new ServerException($"Expected {ComparisonOutput.PageName}, {string.Join(", ", ComparisonOutput.TableNames)}, found another name.",
                    HttpStatusCode.NotFound), file);
        });
        files.MapGet("/runs/{run}/{kind}/{**file}",
            (string run, string kind, string file, HttpContext context, WebSettings settings, TimeProvider clock) => Send(context, settings, clock,
                client => client.OpenRunFile(run, kind, file, context.RequestAborted), $"{kind}.{Path.GetFileName(file)}"));
        return files;
    }

    /// <summary>The page that shows the same comparison.</summary>
    private static string PageOf(HttpRequest request) => $"{request.Scheme}://{request.Host}/compare{request.QueryString}";

    /// <param name="context">The request.</param>
    /// <param name="settings">The server.</param>
    /// <param name="clock">Waits between two attempts.</param>
    /// <param name="open">Opens the file.</param>
    /// <param name="name">What it is saved as; null for a page that is shown.</param>
    private static async Task Send(HttpContext context, WebSettings settings, TimeProvider clock, Func<TsVlmClient, Task<Stream>> open, string? name)
    {
        using var client = ServerSession.Open(context.User, settings, clock);
        try
        {
            await using var content = await open(client);
            context.Response.ContentType = name is null ? "text/html; charset=utf-8" : "application/octet-stream";
            if (name is null) context.Response.Headers.ContentSecurityPolicy = PageHeaders.ReportPolicy;
            else context.Response.Headers.ContentDisposition = $"attachment; filename*=UTF-8''{Uri.EscapeDataString(name)}";
            await content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
        catch (DataException error)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(error.Message, context.RequestAborted);
        }
        catch (ServerException error)
        {
            context.Response.StatusCode = (int)(error.Status ?? HttpStatusCode.BadGateway);
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(error.Message, context.RequestAborted);
        }
    }
}
