using System.Net;
using Microsoft.AspNetCore.Components;
using TsVlm.Client;
using TsVlm.Web.Access;

namespace TsVlm.Web.Layout;

/// <summary>A page that shows what the server answers, and the server's own words where it refuses.</summary>
public abstract class ServerPage : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource left = new();

    /// <summary>What the server refused, in its words; null where nothing.</summary>
    protected string? Error { get; set; }

    /// <summary>Cancelled once the user leaves the page.</summary>
    protected CancellationToken Left { get; private set; }

    [Inject]
    internal ServerSession Session { get; set; } = default!;

    /// <summary>The address of this and other pages.</summary>
    [Inject]
    protected NavigationManager Navigation { get; set; } = default!;

    /// <summary>Waits.</summary>
    [Inject]
    protected TimeProvider Clock { get; set; } = default!;

    /// <summary>Begins before the page asks the server.</summary>
    protected ServerPage() => Left = left.Token;

    /// <summary>Asks the server; a refusal becomes <see cref="Error"/>.</summary>
    /// <returns>Whether it succeeded.</returns>
    protected async Task<bool> Ask(Func<TsVlmClient, Task> ask)
    {
        ArgumentNullException.ThrowIfNull(ask);
        try
        {
            await ask(await Session.Open());
            Error = null;
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;   // the user left, or changed what was asked for
        }
        catch (ServerException error) when (error.Status is HttpStatusCode.Unauthorized)
        {
            // The key was exchanged since the user signed in.
            Navigation.NavigateTo("sign-in?from=" + Uri.EscapeDataString("/" + Navigation.ToBaseRelativePath(Navigation.Uri)), forceLoad: true);
            return false;
        }
        catch (Exception error) when (error is ServerException or HttpRequestException or IOException)
        {
            Error = error.Message;
            return false;
        }
    }

    /// <summary>Runs until the user leaves the page.</summary>
    protected async Task Repeat(TimeSpan interval, Func<Task> act)
    {
        ArgumentNullException.ThrowIfNull(act);
        using var timer = new PeriodicTimer(interval, Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(Left)) await InvokeAsync(act);
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
            // The user left.
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends what the page waits for.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        left.Cancel();
        left.Dispose();
    }
}
